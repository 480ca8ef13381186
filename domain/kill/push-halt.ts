import type { EngineInstance } from '../engine-instances.ts';
import type { Engines } from '../ports/engine.ts';

/** What is known of one instance, and never more than is known. */
export type InstanceStatus = {
  instanceId: string;
  status: 'halted' | 'unreachable';
  haltedAt?: string;
  openOrders?: number;
  detail?: string;
};

export type HaltOrder = { commandId: string; epoch: number; reason: string };

/** Tells every instance to halt, each within its own deadline; one that does not answer is bounded by its lease. Never throws. */
export const pushHalt = (
  instances: readonly EngineInstance[],
  order: HaltOrder,
  deadlineMs: number,
  { engines }: { engines: Pick<Engines, 'halt'> },
): Promise<InstanceStatus[]> => Promise.all(instances.map((instance) => haltOne(instance, order, deadlineMs, engines)));

async function haltOne(
  instance: EngineInstance,
  order: HaltOrder,
  deadlineMs: number,
  engines: Pick<Engines, 'halt'>,
): Promise<InstanceStatus> {
  const { instanceId, strategyId } = instance;
  try {
    const { haltedAt, openOrders } = await engines.halt(instance, { strategyId, ...order }, { deadlineMs });
    return { instanceId, status: 'halted', haltedAt, openOrders };
  } catch (error) {
    return { instanceId, status: 'unreachable', detail: error instanceof Error ? error.message : String(error) };
  }
}
