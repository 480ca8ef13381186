import { readRegistration } from '../change.ts';
import type { Ports } from '../ports/ports.ts';
import { readRun } from '../run-evidence.ts';
import { type RunStep, runStep, type StepResult } from '../run-step.ts';

/** The declared policy at the drain's deadline (product decision 8): what still rests is cancelled, at the venues themselves. */
export async function cancelRemainingOrders(command: RunStep, ports: Ports): Promise<StepResult> {
  const [registration, run] = await Promise.all([readRegistration(command.strategyId, ports), readRun(command, ports)]);
  const cancelled = await Promise.all(
    registration.venues.map(async (venue) => ({
      venue: venue.id,
      ...(await ports.venues.cancelAll(venue, command.strategyId)),
    })),
  );
  return runStep(
    command,
    'CancelRemainingOrders',
    (state) => ({
      state,
      entries: [
        {
          type: 'drain.cancelled',
          actor: run.requestedBy,
          run: run.id,
          payload: { policy: registration.policy.drainPolicy, cancelled },
        },
      ],
      reply: {
        summary: cancelled
          .map(({ venue, cancelRequested }) => `${cancelRequested} cancels sent to ${venue}`)
          .join(', '),
        verdict: 'done',
      },
    }),
    ports,
  );
}
