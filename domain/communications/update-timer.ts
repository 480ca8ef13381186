import { change, readRegistration } from '../change.ts';
import type { Decision } from '../decision.ts';
import { readDrill } from '../drill/read-drill.ts';
import { ActorId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import type { Latch, Strategy } from '../strategy.ts';
import { announce } from './announce.ts';

/** How long people go without news of an incident (SEV-1) before on-call is reminded to give some. */
const UPDATE_EVERY_MS = 30 * 60_000;

/** Which half hour without news is over, counted from the kill or its last update, and when it was over. Nothing before the first. */
export function updateDue(latch: Latch, now: Date): { count: number; dueAt: Date } | undefined {
  const since = Date.parse(lastTold(latch));
  const count = Math.floor((now.getTime() - since) / UPDATE_EVERY_MS);
  return count < 1 ? undefined : { count, dueAt: new Date(since + count * UPDATE_EVERY_MS) };
}

type TimerPorts = Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'>;

/**
 * Runbook 5.1.3: reminds on-call and `#incidents` of every real kill of which people have heard nothing for half an hour, until
 * launching is allowed again. The times stand in the latch, so that a restart loses none; a look that comes late reminds once.
 * Answers how many reminders it wrote.
 */
export async function remindOfUpdates(strategies: readonly Strategy[], ports: TimerPorts): Promise<number> {
  const reminded = await Promise.all(strategies.map((state) => remind(state, ports)));
  return reminded.filter(Boolean).length;
}

async function remind({ id, latch }: Strategy, ports: TimerPorts): Promise<boolean> {
  const due = latch && updateDue(latch, ports.now());
  if (!due || (await readDrill(latch.runId, ports))) return false;
  const { policy } = await readRegistration(id, ports);
  const since = lastTold(latch);
  const key = `${latch.runId}/RemindOfUpdate/${since}/${due.count}`;
  const decide = (state: Strategy) => {
    const isSilent = state.latch?.runId === latch.runId && lastTold(state.latch) === since; // else lifted, or told meanwhile
    return isSilent
      ? reminder(state, latch, { ...due, since, bridgeUrl: policy.bridgeUrl }, ports.now())
      : { state, entries: [], reply: false };
  };
  const { reply, repeated } = await change(id, { key, body: { runId: latch.runId } }, decide, ports);
  return reply && !repeated;
}

const lastTold = ({ at, updatedAt = at }: Latch): string => updatedAt;

type Reminder = NonNullable<ReturnType<typeof updateDue>> & {
  readonly since: string;
  readonly bridgeUrl: string | undefined;
};

function reminder(
  state: Strategy,
  { runId, reason, expectedRecovery }: Latch,
  { count, dueAt, since, bridgeUrl }: Reminder,
  now: Date,
): Decision<boolean> {
  const actor = ActorId.parse('service:health-tick');
  const about = { strategyId: state.id, runId, occasion: `${since}/${count}`, detectedAt: now.toISOString() };
  return {
    state,
    entries: [{ type: 'incident.update-due', actor, run: runId, payload: { since, count } }],
    records: announce('incident-update-due', { ...about, reason, expectedRecovery, bridgeUrl }, dueAt),
    reply: true,
  };
}
