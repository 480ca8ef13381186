import * as z from 'zod';
import type { LedgerEntry } from '../ledger/ledger-entry.ts';
import { DRILL_PHASES, type DrillBudgets, type DrillPhase } from './drill-budgets.ts';

const Verdict = z.enum(['passed', 'failed', 'pending']);

/** How one drill did: each phase in milliseconds from the decision, beside its budget, and what its time rests on. */
export const DrillScore = z.object({
  run: z.string(),
  verdict: Verdict,
  decidedAt: z.iso.datetime().nullable(),
  phases: z.array(
    z.object({
      phase: z.enum(DRILL_PHASES),
      /** Null while nothing shows that the phase was reached. */
      ms: z.number().nullable(),
      budgetMs: z.number(),
      goalMs: z.number().nullable(),
      verdict: Verdict,
      says: z.string(),
    }),
  ),
});
export type DrillScore = z.infer<typeof DrillScore>;

/** The notice of the kill on one channel: when its provider acknowledged it, or else when it stood in the outbox. `at` is missing when it did not, or nobody could be told. */
export type Notice = { readonly channel: string; readonly at?: string | undefined; readonly isAcknowledged?: true };

export type DrillFacts = {
  readonly run: string;
  readonly entries: readonly LedgerEntry[];
  readonly notices: readonly Notice[];
};

/** When a phase was reached, by the clock of the control plane unless it says otherwise, or why that is not known. */
type Reached = { at?: string; says: string };

/**
 * Scores a drill from what its kill left in the ledger and in the outbox, and from nothing else: the same facts give the same
 * score. `now` is for a drill under way: what is missing is pending until its budget is over. Without it, missing is failed.
 */
export function scoreDrill({ run, entries, notices }: DrillFacts, budgets: DrillBudgets, now?: Date): DrillScore {
  const own = entries.filter((entry) => entry.run === run).toSorted((left, right) => left.seq - right.seq);
  const decidedAt = decisionIn(own);
  const reached: Record<DrillPhase, Reached> = {
    latched: latchedIn(own),
    halted: haltedIn(own, decidedAt),
    'venue zero': venueZeroIn(own),
    notified: notifiedIn(notices),
    confirmed: confirmedIn(own),
  };
  const phases = DRILL_PHASES.map((phase) => ({
    phase,
    ...judge(reached[phase], budgets[phase].budgetMs, decidedAt, now),
    goalMs: budgets[phase].goalMs ?? null,
  }));
  return { run, verdict: overall(phases), decidedAt: decidedAt ?? null, phases };
}

function judge({ at, says }: Reached, budgetMs: number, decidedAt: string | undefined, now: Date | undefined) {
  if (decidedAt === undefined) return { ms: null, budgetMs, verdict: now ? 'pending' : 'failed', says } as const;
  const since = (time: number) => Math.max(0, time - Date.parse(decidedAt));
  if (at !== undefined) {
    const ms = since(Date.parse(at));
    return { ms, budgetMs, verdict: ms <= budgetMs ? 'passed' : 'failed', says } as const;
  }
  const isOver = !now || since(now.getTime()) > budgetMs;
  return { ms: null, budgetMs, verdict: isOver ? 'failed' : 'pending', says } as const;
}

function overall(phases: DrillScore['phases']): DrillScore['verdict'] {
  if (phases.some(({ verdict }) => verdict === 'failed')) return 'failed';
  return phases.some(({ verdict }) => verdict === 'pending') ? 'pending' : 'passed';
}

const find = (entries: readonly LedgerEntry[], type: string) => entries.find((entry) => entry.type === type);

const time = z.iso.datetime();

const decisionIn = (entries: readonly LedgerEntry[]): string | undefined =>
  time.safeParse(find(entries, 'kill.requested')?.payload['decidedAt']).data;

/** The entry of a kill bears the time of its decision; that it stands is shown by the machine, which read the latch back. */
function latchedIn(entries: readonly LedgerEntry[]): Reached {
  const seen = time.safeParse(find(entries, 'kill.halted')?.payload['latchSeenAt']).data;
  if (seen !== undefined) return { at: seen, says: 'the machine read the latch back from the store: it stood by then' };
  return {
    says: find(entries, 'kill.requested') ? 'nothing has read the latch back yet' : 'the kill has not come yet',
  };
}

const Halted = z.object({
  instances: z
    .array(z.object({ instanceId: z.string(), status: z.string(), haltedAt: z.iso.datetime().optional() }))
    .min(1),
});

/** The last engine; by its own clock, unless that disagrees with ours about what came before what. */
function haltedIn(entries: readonly LedgerEntry[], decidedAt: string | undefined): Reached {
  const entry = find(entries, 'kill.halted');
  const instances = Halted.safeParse(entry?.payload).data?.instances;
  if (!entry || !instances || decidedAt === undefined) return { says: 'no engine is known to have halted' };
  const silent = instances.filter(({ haltedAt }) => haltedAt === undefined).map(({ instanceId }) => instanceId);
  if (silent.length > 0) return { says: `${silent.join(', ')} gave no answer: only the lease bounds what it does` };
  const times = instances.map(({ haltedAt }) => haltedAt).filter((each) => each !== undefined);
  const isOrdered = times.every((each) => each >= decidedAt && each <= entry.at);
  if (isOrdered)
    return { at: latest(times), says: `${instances.length} of ${instances.length} engines, by their own clocks` };
  return { at: entry.at, says: "the engines' clocks disagree with ours: counted until we knew" };
}

const latest = (times: readonly string[]): string => new Date(Math.max(...times.map(Date.parse))).toISOString();

const Answer = z.object({ venue: z.string(), resting: z.int(), unanswered: z.string().optional() });

/** When all venues had said that nothing rests; until then, what each said last. */
function venueZeroIn(entries: readonly LedgerEntry[]): Reached {
  const empty = find(entries, 'kill.venues-empty');
  if (empty) return { at: empty.at, says: 'every venue said that nothing rests' };
  const answers = entries.flatMap(({ type, payload }) =>
    type === 'kill.venue-answered' ? (Answer.safeParse(payload).data ?? []) : [],
  );
  const last = new Map(answers.map((answer) => [answer.venue, answer]));
  if (last.size === 0) return { says: 'no venue has answered yet' };
  return { says: [...last.values()].map(answerText).join('; ') };
}

const answerText = ({ venue, resting, unanswered }: z.infer<typeof Answer>): string =>
  unanswered === undefined ? `${resting} orders still rest at ${venue}` : `${venue} gave no answer: ${unanswered}`;

/** When the last notice was acknowledged. One that still waits counts from when it stood in the outbox, and is said to wait. */
function notifiedIn(notices: readonly Notice[]): Reached {
  const missing = notices.filter(({ at }) => at === undefined).map(({ channel }) => channel);
  if (missing.length > 0) return { says: `no notice yet for ${missing.join(', ')}` };
  const times = notices.map(({ at }) => at).filter((each) => each !== undefined);
  if (times.length === 0) return { says: 'nobody is to be told' };
  const waiting = notices.filter(({ isAcknowledged }) => !isAcknowledged).map(({ channel }) => channel);
  const all = `${notices.length - waiting.length} of ${notices.length} notices are acknowledged by their providers`;
  return {
    at: latest(times),
    says: waiting.length > 0 ? `${all}; written, and not yet acknowledged: ${waiting.join(', ')}` : all,
  };
}

const Confirmed = z.object({ at: time, signatures: z.array(z.object({ at: time })).optional() });

/** By the last signature that it took. */
function confirmedIn(entries: readonly LedgerEntry[]): Reached {
  const confirmed = Confirmed.safeParse(find(entries, 'kill.confirmed')?.payload).data;
  if (!confirmed) return { says: 'another person has to confirm it' };
  const { at, signatures = [] } = confirmed;
  return { at: latest([at, ...signatures.map((signature) => signature.at)]), says: 'a second person confirmed it' };
}
