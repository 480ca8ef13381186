import { enginesOf } from '../engine-instances.ts';
import type { Engines, ModeCommand } from '../ports/engine.ts';
import type { Registration } from '../registration.ts';

const DEADLINE_MS = 2_000;

/** Tells every instance its mode, ahead of its next lease. Answers those that were not reached or refused: their lease tells them, or they lose it. */
export async function tellEngines(
  registration: Registration,
  { leave, ...order }: Omit<ModeCommand, 'strategyId'>,
  { engines }: { readonly engines: Pick<Engines, 'mode'> },
): Promise<string[]> {
  const named = leave?.map(({ venue, orderId }) => ({ venue, orderId }));
  const command = { strategyId: registration.id, ...order, ...(named && { leave: named }) };
  const told = await Promise.allSettled(
    enginesOf(registration).map((instance) => engines.mode(instance, command, { deadlineMs: DEADLINE_MS })),
  );
  return registration.engines
    .filter((_, index) => told[index]?.status === 'rejected')
    .map(({ instanceId }) => instanceId);
}
