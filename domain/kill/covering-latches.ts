import type { StrategyId } from '../ids.ts';
import type { ControlRecords } from '../ports/strategies.ts';
import { Refusal } from '../refusal.ts';
import type { Registration } from '../registration.ts';
import { type ScopeLatch, scopesOf } from './scope-latch.ts';

/** The latches of scopes that cover a strategy, widest first. */
export async function coveringLatches(
  registration: Registration,
  { records }: { records: Pick<ControlRecords, 'get'> },
): Promise<ScopeLatch[]> {
  const latches = await Promise.all(scopesOf(registration).map((scope) => records.get('LATCH', scope)));
  return latches.filter((latch) => latch !== undefined).filter(({ liftedAt }) => liftedAt === undefined);
}

/** For whatever makes trading riskier: says which scope is killed, by whom, since when, and why. Nothing when none is. */
export function refuseCovered(id: StrategyId, [latch]: readonly ScopeLatch[]): Refusal | undefined {
  if (!latch) return undefined;
  return new Refusal(
    'StrategyKilled',
    `${id} is covered by the kill of ${latch.id}, by ${latch.initiatedBy} since ${latch.at}: ${latch.reason}`,
    `recover the scope first: tradepulse-cli recover --scope ${latch.id}`,
    { scope: latch.id, by: latch.initiatedBy, since: latch.at, reason: latch.reason },
  );
}
