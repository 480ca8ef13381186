import { readRegistration } from '../change.ts';
import { announce } from '../communications/announce.ts';
import type { Ports } from '../ports/ports.ts';
import { readRun } from '../run-evidence.ts';
import type { StepResult } from '../run-step.ts';
import type { CountOpenOrders } from './count-open-orders.ts';
import { whyNotDrained } from './judge-drain.ts';
import { lookAtOrders } from './look-at-orders.ts';
import { orderWords } from './staying-orders.ts';
import { stopStep } from './stop-step.ts';

/** Runbook 4.3, the policy `escalate`: pages people with what still holds the drain up, and sets the next deadline. Nothing is cancelled: a kill, or the venues, end it. */
export async function escalateDrain(
  command: CountOpenOrders,
  ports: Ports,
): Promise<StepResult & { readonly drainUntil: string }> {
  const [registration, run] = await Promise.all([readRegistration(command.strategyId, ports), readRun(command, ports)]);
  const seen = await lookAtOrders(registration, ports);
  const { orders, venues, engines } = seen;
  const minutes = registration.policy.drainEscalationMinutes;
  const drainUntil = new Date(ports.now().getTime() + minutes * 60_000).toISOString();
  const why = whyNotDrained(seen, ports.now())?.message ?? 'nothing rests any more';
  const reason = `past the deadline ${command.drainUntil}: ${why}`;
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
