import type { Ports } from '../ports/ports.ts';
import type { Registration } from '../registration.ts';
import type { RunStep } from '../run-step.ts';
import type { Drain } from './drain.ts';
import type { OrdersSeen } from './look-at-orders.ts';

type Noted = {
  readonly command: RunStep;
  readonly until: string;
  readonly registration: Registration;
  readonly seen: OrdersSeen;
};

/** Keeps what was seen, for the countdown that people watch. What was signed to stay in this very run stays noted. */
export async function noteDrain(
  { command, until, registration, seen }: Noted,
  { records, now }: Pick<Ports, 'records' | 'now'>,
): Promise<void> {
  const before = await records.get('DRAIN', command.strategyId);
  const left = before?.run === command.runId ? before.left : undefined;
  await records.put({ kind: 'DRAIN', record: drainOf({ command, until, registration, seen }, now(), left) });
}

export const drainOf = ({ command, until, registration, seen }: Noted, now: Date, left: Drain['left']): Drain => ({
  ...{ id: registration.id, run: command.runId, at: now.toISOString(), until },
  policy: registration.policy.drainPolicy,
  ...{ engines: [...seen.engines], venues: [...seen.venues] },
  ...(left && { left }),
});
