import { readRegistration } from '../change.ts';
import { announce } from '../communications/announce.ts';
import type { Ports } from '../ports/ports.ts';
import { readRun } from '../run-evidence.ts';
import type { StepResult } from '../run-step.ts';
import type { CountOpenOrders } from './count-open-orders.ts';
import { lookAtOrders } from './look-at-orders.ts';
import { orderWords } from './staying-orders.ts';
import { stopStep } from './stop-step.ts';

/** Runbook 4.3, the policy `escalate`: pages people with the orders that still rest, and sets the next deadline. Nothing is cancelled: a kill, or the venues, end it. */
export async function escalateDrain(
  command: CountOpenOrders,
  ports: Ports,
): Promise<StepResult & { readonly drainUntil: string }> {
  const [registration, run] = await Promise.all([readRegistration(command.strategyId, ports), readRun(command, ports)]);
  const { orders, venues, engines } = await lookAtOrders(registration, ports);
  const minutes = registration.policy.drainEscalationMinutes;
  const drainUntil = new Date(ports.now().getTime() + minutes * 60_000).toISOString();
  const reason = `${orders.length} orders rest past the deadline ${command.drainUntil}`;
  return stopStep(
    command,
    `EscalateDrain/${command.drainUntil}`,
    (state) => ({
      state,
      entries: [
        {
          type: 'drain.escalated',
          actor: run.requestedBy,
          run: run.id,
          payload: { deadline: command.drainUntil, next: drainUntil, orders, venues, engines },
        },
      ],
      records: announce(
        'drain-escalated',
        {
          ...{ strategyId: state.id, runId: run.id, occasion: command.drainUntil, reason },
          lines: orders.map(orderWords).join('\n'),
        },
        ports.now(),
      ),
      reply: { summary: `people are told; told again at ${drainUntil}`, verdict: 'warn' as const, drainUntil },
    }),
    ports,
  );
}
