import { readRegistration } from '../change.ts';
import type { Ports } from '../ports/ports.ts';
import type { Registration } from '../registration.ts';
import { readRun } from '../run-evidence.ts';
import type { StepResult } from '../run-step.ts';
import { type CancelsSent, cancelOthers } from './cancel-others.ts';
import type { DrainedVenue } from './drain.ts';
import { lookAtOrders } from './look-at-orders.ts';
import { stayingOrders, stayOf } from './staying-orders.ts';
import { readStopping, type StopStep, stopStep } from './stop-step.ts';
import { tellEngines } from './tell-engines.ts';

/**
 * Runbook 4.3, the declared policy at the drain's deadline (product decision 8): what still rests is cancelled, at the venues themselves, but for
 * what may stay. A cancel that is sent while the venue takes none is sent all the same, and the summary says what to expect.
 */
export async function cancelRemainingOrders(command: StopStep, ports: Ports): Promise<StepResult> {
  const { epoch } = await readStopping(command, ports);
  const [registration, run, drain] = await Promise.all([
    readRegistration(command.strategyId, ports),
    readRun(command, ports),
    ports.records.get('DRAIN', command.strategyId),
  ]);
  const seen = await lookAtOrders(registration, ports);
  const stay = stayOf(registration, drain, command);
  const leave = stayingOrders(seen.orders, stay);
  await tellEngines(registration, { epoch, commandId: `${run.id}/cancel`, mode: 'SAFE', leave }, ports);
  const cancelled = await cancelOthers(registration, { seen, stay }, ports);
  const { policy } = registration;
  return stopStep(
    command,
    command.noneMayStay ? 'CancelRemainingOrders/all' : 'CancelRemainingOrders',
    (state) => ({
      state,
      entries: entriesOf(run, policy, cancelled),
      reply: replyOf(cancelled, seen.venues, ports.now()),
    }),
    ports,
  );
}

const entriesOf = (
  { id, requestedBy }: Awaited<ReturnType<typeof readRun>>,
  { drainPolicy }: Registration['policy'],
  cancelled: readonly CancelsSent[],
) =>
  cancelled.length === 0
    ? []
    : [{ type: 'drain.cancelled', actor: requestedBy, run: id, payload: { policy: drainPolicy, cancelled } }];

function replyOf(cancelled: readonly CancelsSent[], venues: readonly DrainedVenue[], now: Date): StepResult {
  if (cancelled.length === 0) return { summary: 'nothing is left to cancel', verdict: 'nothing-to-do' };
  const words = cancelled.map((each) => `${wordsOf(each)}${expect(venues, each.venue, now)}`);
  return { summary: words.join('; '), verdict: 'done' };
}

const wordsOf = ({ venue, cancelRequested, refused, said }: CancelsSent): string =>
  said === undefined
    ? `${cancelRequested} cancels sent to ${venue}${refused.length > 0 ? `, ${refused.length} refused: ${refused[0]?.reason}` : ''}`
    : `${venue}: ${said}`;

/** What to expect of a cancel in a no-cancel window. */
function expect(venues: readonly DrainedVenue[], id: string, now: Date): string {
  const window = venues.find(({ venue }) => venue === id)?.noCancel;
  if (!window || now.toISOString() < window.from) return '';
  return ` (it takes no cancels until ${window.to}, ${window.name}: expect them to trade or rest until then)`;
}
