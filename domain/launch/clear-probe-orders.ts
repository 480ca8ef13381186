import { change, readRegistration, readStrategy } from '../change.ts';
import { takenOverBy } from '../lock/taken-over-by.ts';
import { isLive } from '../mode.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Registration } from '../registration.ts';
import { readRun } from '../run-evidence.ts';
import { type RunStep, type StepResult, stepKey, withLedgerIndex } from '../run-step.ts';
import type { KillPathReport } from './kill-path-report.ts';
import { untilEmpty } from './resting-at.ts';

type ClearPorts = Pick<Ports, 'venues' | 'jitter'>;
type Left = KillPathReport['left'];

/** Cancels, with our own keys, whatever rests at the venues of a strategy that does not trade, until nothing does; says of each venue what is left. Throws for nothing that a venue answers. */
export const clearVenues = ({ id, venues }: Registration, ports: ClearPorts): Promise<Left> =>
  Promise.all(
    venues.map(async (venue) => {
      try {
        const before = await ports.venues.openOrders(venue, id);
        if (before.length > 0) await ports.venues.cancelAll(venue, id);
        await untilEmpty({ venue, strategyId: id }, ports);
        const said = before.length > 0 ? `nothing rests; ${before.length} were cancelled` : 'nothing rests';
        return { venue: venue.id, resting: 0, said };
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return { venue: venue.id, resting: null, said: error.message };
      }
    }),
  );

/**
 * Undoes 'Probe kill path', as much of it as happened: nothing that it put out goes on resting. Not fenced: cancelling is right at any
 * epoch; only the orders of another run that has taken the strategy over and trades are left alone. Throws OrdersResting until every
 * venue says that nothing rests, and the machine tries again.
 */
export async function clearProbeOrders(command: RunStep, ports: Ports): Promise<StepResult> {
  const [registration, run, state] = await Promise.all([
    readRegistration(command.strategyId, ports),
    readRun(command, ports),
    readStrategy(command.strategyId, ports),
  ]);
  const taker = takenOverBy(state, run.id);
  if (taker && isLive(state.mode))
    return { summary: `${taker} has taken ${state.id} over and it is ${state.mode}`, verdict: 'nothing-to-do' };
  const left = await clearVenues(registration, ports);
  const still = left.filter(({ resting }) => resting !== 0);
  if (still.length > 0)
    throw new Refusal(
      'OrdersResting',
      still.map(({ venue, said }) => `${venue}: ${said}`).join('; '),
      'it is tried again; ask the venue by phone what rests there',
      { left: still },
    );
  const changed = await change(
    command.strategyId,
    stepKey(command, 'ClearProbeOrders'),
    (state) => ({
      state,
      entries: [{ type: 'kill-path.cleared', actor: run.requestedBy, run: run.id, payload: { left } }],
      reply: { summary: left.map(({ venue, said }) => `${venue}: ${said}`).join('; '), verdict: 'done' as const },
    }),
    ports,
  );
  return withLedgerIndex(changed);
}
