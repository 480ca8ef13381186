import * as z from 'zod';
import { readRegistration, readStrategy } from '../change.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { RunStep, requireRun, type StepResult } from '../run-step.ts';

export const CountOpenOrders = RunStep.extend({ drainUntil: z.iso.datetime() });
export type CountOpenOrders = z.infer<typeof CountOpenOrders>;

/**
 * Runbook 4.3: succeeds when every venue reports zero open orders, asked with our own credentials. Refuses with
 * OrdersResting (the machine looks again) until the drain's deadline, then with DrainDeadlinePassed.
 */
export async function countOpenOrders(command: CountOpenOrders, ports: Ports): Promise<StepResult> {
  const fenced = requireRun(await readStrategy(command.strategyId, ports), command, ports.now());
  if (fenced) throw fenced;
  const registration = await readRegistration(command.strategyId, ports);
  const resting = await Promise.all(
    registration.venues.map(async (venue) => ({
      venue: venue.id,
      orders: (await ports.venues.openOrders(venue, command.strategyId)).length,
    })),
  );
  const total = resting.reduce((sum, { orders }) => sum + orders, 0);
  if (total === 0)
    return { summary: `open_orders is zero at ${resting.map(({ venue }) => venue).join(', ')}`, verdict: 'go' };
  const facts = { resting, drainUntil: command.drainUntil };
  if (ports.now().toISOString() < command.drainUntil)
    throw new Refusal('OrdersResting', `${total} orders still rest`, 'wait: the drain goes on', facts);
  throw new Refusal(
    'DrainDeadlinePassed',
    `${total} orders still rest at the drain's deadline ${command.drainUntil}`,
    'the declared policy is to cancel them',
    facts,
  );
}
