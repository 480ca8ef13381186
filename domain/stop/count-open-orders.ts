import * as z from 'zod';
import { readRegistration } from '../change.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Registration } from '../registration.ts';
import type { StepResult } from '../run-step.ts';
import { silentEngines, whyNotDrained } from './judge-drain.ts';
import { lookAtOrders, type OrdersSeen } from './look-at-orders.ts';
import { noteDrain } from './note-drain.ts';
import { readStopping, StopStep } from './stop-step.ts';

export const CountOpenOrders = StopStep.extend({ drainUntil: z.iso.datetime() });
export type CountOpenOrders = z.infer<typeof CountOpenOrders>;

/**
 * Runbook 4.3: succeeds when the engines and every venue report zero open orders. Until the drain's deadline it throws why not
 * (OrdersResting, VenueUnreachable, EngineUnreachable), and the machine looks again; then DrainDeadlinePassed, or DrainEscalated where the
 * policy is to tell people and go on counting.
 */
export async function countOpenOrders(command: CountOpenOrders, ports: Ports): Promise<StepResult> {
  await readStopping(command, ports);
  const registration = await readRegistration(command.strategyId, ports);
  const seen = await lookAtOrders(registration, ports);
  await noteDrain({ command, until: command.drainUntil, registration, seen }, ports);
  const why = whyNotDrained(seen, ports.now());
  if (!why) return { summary: drainedWords(seen), verdict: 'go' };
  throw ports.now().toISOString() < command.drainUntil ? why : pastDeadline(why, command.drainUntil, registration);
}

function pastDeadline(why: Refusal, until: string, { policy }: Registration): Refusal {
  const message = `past the drain's deadline ${until}: ${why.message}`;
  if (policy.drainPolicy === 'escalate')
    return new Refusal('DrainEscalated', message, 'people are told; kill it, or ask the venue', why.facts);
  return new Refusal('DrainDeadlinePassed', message, `the declared policy is: ${policy.drainPolicy}`, why.facts);
}

/** Says whose word it is: of an engine that did not answer, the venues'. */
function drainedWords(seen: OrdersSeen): string {
  const places = seen.venues.map(({ venue }) => venue).join(', ');
  const silent = silentEngines(seen);
  const named = silent.length === 0 ? '' : `; ${silent.join(', ')} did not answer, and holds no lease any more`;
  return `open_orders is zero at ${places}${named}`;
}
