import { readRegistration } from '../change.ts';
import { enginesOf } from '../engine-instances.ts';
import type { Ports } from '../ports/ports.ts';
import type { RunStep } from '../run-step.ts';
import { answered } from './answered.ts';
import type { Books } from './compare-books.ts';

const DEADLINE_MS = 5_000;

/** Asks every venue, with our own credentials, and every engine instance for orders and positions. Whoever does not answer is in the books as that. */
export async function lookAtBooks(
  { strategyId }: RunStep,
  ports: Pick<Ports, 'records' | 'venues' | 'engines'>,
): Promise<Books> {
  const registration = await readRegistration(strategyId, ports);
  const [venues, engines] = await Promise.all([
    Promise.all(
      registration.venues.map(async (venue) => {
        const orders = await answered(ports.venues.openOrders(venue, strategyId));
        return { venue: venue.id, orders, positions: await answered(ports.venues.positions(venue, strategyId)) };
      }),
    ),
    Promise.all(
      enginesOf(registration).map(async (instance) => {
        const orders = await answered(ports.engines.openOrders(instance, { deadlineMs: DEADLINE_MS }));
        const positions = await answered(ports.engines.positions(instance, { deadlineMs: DEADLINE_MS }));
        return { instanceId: instance.instanceId, orders, positions };
      }),
    ),
  ]);
  return { venues, engines };
}
