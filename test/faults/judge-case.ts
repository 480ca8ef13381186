import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { type Acknowledged, isKept } from './ask-for-kill.ts';
import type { FaultWorld } from './fault-world.ts';
import type { AskedKill, Case } from './run-round.ts';

const PATIENCE_MS = 60_000;
const LOOK_AGAIN_MS = 500;
const AFTER_THE_LEASE_MS = 250;
/** Less is too little to tell who waits for the end of a fault. */
const LONG_MS = 2_000;

/** What became of one case, in figures and, where something is not as it has to be, in sentences. */
export type Judged = {
  readonly seed: number;
  readonly asked: number;
  readonly accepted: number;
  readonly spooled: number;
  readonly inLedger: number;
  readonly ordersAfterBound: number;
  readonly slowestMs: number;
  /** Of the kills that came long before the end of the fault, how many were answered before it, and how many after it. */
  readonly before: number;
  readonly after: number;
  readonly wrong: readonly string[];
};

/** `kind`: how the entry of a kill came into the ledger. (The machine of an unconditional write reaffirms the kill in a transaction, to record its run.) */
type LedgerLine = {
  readonly type: string;
  readonly run?: string | undefined;
  readonly kind: 'transaction' | 'unconditional write' | 'spooled';
};

const Entry = z.looseObject({
  type: z.string(),
  run: z.string().optional(),
  payload: z.looseObject({ spooled: z.int().optional(), transaction: z.string().optional() }),
});

/** Waits until everything about the case is right, at most a minute; what is not right then is wrong. */
export async function judgeCase(one: Case, world: FaultWorld): Promise<Judged> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    const judged = await lookAt(one, world).catch(asError);
    const isLate = performance.now() > giveUpAt;
    if (judged instanceof Error && isLate) throw judged;
    if (!(judged instanceof Error) && (judged.wrong.length === 0 || isLate)) return forget(one, judged, world);
    await delay(LOOK_AGAIN_MS);
  }
}

/** A look that a busy machine did not answer in time is taken again. */
const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** The runs of a case wait for a confirmer for ever: the health tick shall not look after all of them in every later case. */
async function forget({ kills }: Case, judged: Judged, { backstage }: FaultWorld): Promise<Judged> {
  const runs = kills.flatMap(({ kept }) => (kept instanceof Error ? [] : [kept.runId]));
  await Promise.all(runs.map((runId) => backstage.remove(`RUN#${runId}`)));
  return judged;
}

async function lookAt(one: Case, world: FaultWorld): Promise<Judged> {
  const { kills } = one;
  const firsts = kills.flatMap(({ first }) => (first instanceof Error ? [] : [first]));
  const early = kills.flatMap(({ first, faultLeftMs }) =>
    first instanceof Error || faultLeftMs < LONG_MS ? [] : [first.tookMs > faultLeftMs],
  );
  const kept = kills.flatMap((kill) => (kill.kept instanceof Error ? [] : [kill.kept]));
  const lines = await ledgerOf(one, world);
  const orders = await world.backstage.ordersTaken(one.strategy);
  const late = orders.filter((at) => firsts.some((answer) => at.getTime() > boundOf(answer, one, world)));
  return {
    seed: one.plan.seed,
    asked: kills.length,
    accepted: kept.filter(isKept).length,
    spooled: kept.filter(({ spooled }) => spooled).length,
    inLedger: kept.filter(({ runId }) => entriesOf(runId, lines).length > 0).length,
    ordersAfterBound: late.length,
    before: early.filter((waited) => !waited).length,
    after: early.filter((waited) => waited).length,
    slowestMs: Math.max(...firsts.map(({ tookMs }) => tookMs), 0),
    wrong: [
      ...kills.flatMap((kill) => wrongAnswers(kill, one)),
      ...kept.flatMap((answer) => wrongInLedger(answer, one, lines)),
      ...late.map((at) => `an order was taken at ${at.toISOString()}, after acknowledgement and lease`),
      ...(await wrongAtTheEnd(one, world)),
    ],
  };
}

/**
 * Acknowledged with latched or spooled; or, with both away, honestly neither, the halt being out all the same. (With both away a
 * function that was started only then knows the key of no device, and says so: whose kill it is, nobody can tell it.)
 */
function wrongAnswers({ first, kept }: AskedKill, { fault }: Case): string[] {
  const unkept = kept instanceof Error || !isKept(kept) ? [`a kill was kept nowhere: ${text(kept)}`] : [];
  if (first instanceof Error) return unkept;
  if (isKept(first) || !fault.keptNowhere) return unkept;
  const honest = /NOT latched/.test(first.summary) || first.by === 'scope';
  return [
    ...unkept,
    ...(honest ? [] : [`neither latched nor spooled, it said: ${first.summary}`]),
    ...(first.status === 'halted' || fault.endsEngines
      ? []
      : [`kept nowhere, and the halt was not out: ${first.status}`]),
  ];
}

/** By the venue's clock: from then on the lease of the strategy is over wherever the halt did not get to. */
const boundOf = ({ at }: Acknowledged, { strategy }: Case, world: FaultWorld): number =>
  at.getTime() + world.registration(strategy).leaseTtlMs + AFTER_THE_LEASE_MS;

/**
 * Once. Where the store's transaction did not come to its end there may be a second entry of the run, of another kind, which
 * says so; a kill that had to be asked for again may have reaffirmed itself, and so may that of a desk, where the strategy's own
 * next lease found it first: both kill it in one run. And its machine came to the venues.
 */
function wrongInLedger(answer: Acknowledged, { fault }: Case, lines: readonly LedgerLine[]): string[] {
  const { runId } = answer;
  const entries = entriesOf(runId, lines);
  const isRepeatable = fault.keptNowhere || fault.noAnswer || answer.by === 'scope';
  const twice = entries.length > new Set(entries.map(({ kind }) => kind)).size;
  const isVerified = lines.some(({ type, run }) => run === runId && type === 'kill.venues-empty');
  return [
    ...(entries.length === 0 ? [`${runId} is not in the ledger`] : []),
    ...(twice && !isRepeatable ? [`${runId} is in the ledger as ${entries.map(({ kind }) => kind).join(', ')}`] : []),
    ...(isVerified ? [] : [`${runId} never came to empty venues`]),
  ];
}

/** Latched, drained, switched off, halted, nothing rests, and nothing was armed again. */
async function wrongAtTheEnd({ strategy, fault }: Case, world: FaultWorld): Promise<string[]> {
  const eyes = world.eyes(strategy);
  const { mode, latch } = await world.backstage.strategy(strategy);
  const engine = await eyes.engine();
  const resting = await eyes.restingOrders();
  const demands: readonly (readonly [boolean, string])[] = [
    [mode === 'KILLED' && latch !== undefined, `the strategy is ${mode}, latched by ${latch?.runId}`],
    [await world.backstage.isDrained(strategy), 'a kill waits beside the ledger'],
    [!(await eyes.flag()), 'live.enabled is true'],
    [engine.mode === 'SAFE', `the engine is ${engine.mode}`],
    [engine.halted || fault.haltRefused === true, 'the engine is not halted'],
    [resting === 0, `${resting} orders rest at the venue`],
  ];
  return demands.flatMap(([isRight, otherwise]) => (isRight ? [] : [otherwise]));
}

const entriesOf = (runId: string, lines: readonly LedgerLine[]): readonly LedgerLine[] =>
  lines.filter(({ type, run }) => run === runId && /^kill\.(requested|reaffirmed)$/.test(type));

async function ledgerOf({ strategy, ledgerSize }: Case, { plane }: FaultWorld): Promise<LedgerLine[]> {
  const { entries } = await plane.log(strategy, ledgerSize);
  return entries.map(({ entry }) => ({ ...Entry.parse(entry), kind: kindOf(Entry.parse(entry)) }));
}

function kindOf({ payload }: z.infer<typeof Entry>): LedgerLine['kind'] {
  if (payload.spooled !== undefined) return 'spooled';
  return payload.transaction === undefined ? 'transaction' : 'unconditional write';
}

const text = (answer: Acknowledged | Error): string => (answer instanceof Error ? String(answer) : answer.summary);
