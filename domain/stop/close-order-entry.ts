import { readRegistration } from '../change.ts';
import type { Ports } from '../ports/ports.ts';
import { readRun } from '../run-evidence.ts';
import type { StepResult } from '../run-step.ts';
import { lookAtOrders } from './look-at-orders.ts';
import { stayingOrders, stayOf } from './staying-orders.ts';
import { readStopping, type StopStep, stopStep } from './stop-step.ts';
import { tellEngines } from './tell-engines.ts';

/**
 * Runbook 4.3: the drain is over, so closing orders are too: from here on every lease says SAFE. What may stay, subject to its signature, is
 * named to the engines before that, since an engine that becomes SAFE cancels everything else. Instances that are not reached cancel all.
 */
export async function closeOrderEntry(command: StopStep, ports: Ports): Promise<StepResult> {
  const { epoch } = await readStopping(command, ports);
  const [registration, run, drain] = await Promise.all([
    readRegistration(command.strategyId, ports),
    readRun(command, ports),
    ports.records.get('DRAIN', command.strategyId),
  ]);
  const stay = stayOf(registration, drain, command);
  const leave = stayingOrders((await lookAtOrders(registration, ports)).orders, stay);
  const order = { epoch, commandId: `${run.id}/close-order-entry`, leave };
  if (leave.length > 0) await tellEngines(registration, { ...order, mode: 'REDUCE_ONLY' }, ports);
  const result = await stopStep(
    command,
    'CloseOrderEntry',
    (state) => ({
      state: { ...state, drained: true },
      entries: [{ type: 'mode.safe', actor: run.requestedBy, run: run.id, payload: { mayStay: leave.length } }],
      reply: { summary: 'no instance sends orders any more, closing ones included', verdict: 'done' as const },
    }),
    ports,
  );
  await tellEngines(registration, { ...order, mode: 'SAFE' }, ports);
  return result;
}
