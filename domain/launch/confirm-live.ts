import { readRegistration, readStrategy } from '../change.ts';
import { announce } from '../communications/announce.ts';
import { leaseId } from '../lease/lease.ts';
import { whyNotLive } from '../lease/why-not-live.ts';
import { released } from '../lock/released.ts';
import type { Ports } from '../ports/ports.ts';
import { watchLaunch } from '../recover/restoration.ts';
import { Refusal } from '../refusal.ts';
import { readRun } from '../run-evidence.ts';
import { type RunStep, requireRun, runStep, type StepResult } from '../run-step.ts';
import { eventOf, wordOf } from './event-of.ts';

/**
 * Runbook 2.5: "live" is said only when `live.enabled`, read back as engines and others read it, is true, and every instance holds an
 * ACTIVE lease of this epoch for exactly what was approved. Refuses with NotConfirmedLive, naming what is missing; the
 * state is tried again. The lock is released in the same write: nothing is being changed any more. The first launch after a recovery is watched from
 * here on (product decision 10).
 */
export async function confirmLive(command: RunStep, ports: Ports): Promise<StepResult> {
  const [registration, state, run] = await Promise.all([
    readRegistration(command.strategyId, ports),
    readStrategy(command.strategyId, ports),
    readRun(command, ports),
  ]);
  const over = requireRun(state, command, ports.now());
  if (over) throw over; // and not NotConfirmedLive, which is tried again for half a minute
  const flag = await ports.flags.read(registration.flag, state.flagVersion);
  const held = await Promise.all(
    registration.engines.map(async ({ instanceId }) => {
      const lease = await ports.records.get('LEASE', leaseId(command.strategyId, instanceId));
      return { instanceId, lease, missing: whyNotLive(instanceId, lease, state, ports.now()) };
    }),
  );
  const missing = held.flatMap((each) => each.missing);
  const flagMissing = flag.live === true ? [] : [`live.enabled reads ${flag.live ?? 'nothing'}`];
  if (missing.length + flagMissing.length > 0) throw notConfirmed([...flagMissing, ...missing]);
  return runStep(
    command,
    'ConfirmLive',
    async (now) => {
      const free = released(now, { runId: run.id, actor: run.requestedBy });
      const restored =
        wordOf(run) === 'launch'
          ? watchLaunch(await ports.records.get('RESTORATION', now.id), now, run.id, ports.now())
          : undefined;
      const payload = { flag, leases: held.map(({ lease }) => lease?.id) };
      return {
        state: free.state,
        entries: [{ type: eventOf(run, 'live'), actor: run.requestedBy, run: run.id, payload }, ...free.entries],
        records: [
          ...announce(`${wordOf(run)}-live`, { strategyId: command.strategyId, runId: run.id }, ports.now()),
          ...(restored ? [{ kind: 'RESTORATION' as const, record: restored }] : []),
        ],
        reply: { summary: `${command.strategyId} is live on ${held.length} instances`, verdict: 'done' },
      };
    },
    ports,
  );
}

const notConfirmed = (missing: readonly string[]): Refusal =>
  new Refusal('NotConfirmedLive', missing.join('; '), 'look at the engines and their leases', { missing });
