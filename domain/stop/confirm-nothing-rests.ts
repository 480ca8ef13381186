import { readRegistration } from '../change.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { readRun } from '../run-evidence.ts';
import type { StepResult } from '../run-step.ts';
import { cancelOthers } from './cancel-others.ts';
import { drainDeadline } from './drain-deadline.ts';
import { silentVenues } from './judge-drain.ts';
import { lookAtOrders } from './look-at-orders.ts';
import { noteDrain } from './note-drain.ts';
import { stayingOrders, stayOf } from './staying-orders.ts';
import { readStopping, type StopStep } from './stop-step.ts';

/**
 * Runbook 4.3: succeeds when every venue says that nothing rests but what was signed for; until then it cancels again and throws why not
 * (OrdersResting, VenueUnreachable). Throws DrainNeedsSignOff when only orders are left that may stay once a risk officer has signed for them.
 * The venues' word decides here: engines send nothing any more.
 */
export async function confirmNothingRests(command: StopStep, ports: Ports): Promise<StepResult> {
  await readStopping(command, ports);
  const [registration, run, drain] = await Promise.all([
    readRegistration(command.strategyId, ports),
    readRun(command, ports),
    ports.records.get('DRAIN', command.strategyId),
  ]);
  const stay = stayOf(registration, drain, command);
  const seen = await lookAtOrders(registration, ports);
  await noteDrain({ command, until: drainDeadline(run, registration), registration, seen }, ports);
  const staying = stayingOrders(seen.orders, stay);
  const others = seen.orders.length - staying.length;
  if (others > 0) {
    await cancelOthers(registration, { seen, stay }, ports);
    throw new Refusal('OrdersResting', `${others} orders still rest, and are cancelled again`, 'wait', { ...seen });
  }
  const silent = silentVenues(seen);
  if (silent) throw silent;
  if (staying.length > 0 && !stay.left)
    throw new Refusal(
      'DrainNeedsSignOff',
      `${staying.length} orders may stay once they are signed for`,
      'sign, or decline',
      {
        orders: staying,
      },
    );
  const rest = staying.length === 0 ? 'nothing rests' : `nothing rests but ${staying.length} signed orders`;
  return { summary: `${rest} at ${registration.venues.map(({ id }) => id).join(', ')}`, verdict: 'go' };
}
