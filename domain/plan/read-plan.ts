import { readRegistration } from '../change.ts';
import type { Digest, StrategyId } from '../ids.ts';
import { readApprovedChange } from '../launch/read-approved-change.ts';
import type { ManifestPorts } from '../manifest/read-trusted-manifest.ts';
import { overridesInUse } from '../override/overrides-in-use.ts';
import type { OverridePorts } from '../override/standing-overrides.ts';
import type { Ports } from '../ports/ports.ts';
import type { Registration } from '../registration.ts';
import { draftPlan } from './draft-plan.ts';
import type { Plan } from './plan.ts';

/** What a plan is read from, and nothing that could change anything. */
export type PlanPorts = ManifestPorts & OverridePorts & Pick<Ports, 'records' | 'parseYaml'>;

/** The plan as it would be now. Throws UnknownStrategy, and the refusal of whatever is not as the manifest approves it (`readApprovedChange`). */
export async function readPlan(strategyId: StrategyId, ports: PlanPorts): Promise<Plan> {
  const [registration, approved, overrides, matrix] = await Promise.all([
    readRegistration(strategyId, ports),
    readApprovedChange(strategyId, ports),
    overridesInUse(strategyId, ports),
    ports.records.get('MATRIX', 'communications'),
  ]);
  return draftPlan({ registration, approved, overrides, calendars: await calendarsOf(registration, ports), matrix });
}

/** By the digests that the calendars of its venues have now: trading hours that change are another plan. */
async function calendarsOf({ venues }: Registration, { records }: PlanPorts): Promise<Record<string, Digest>> {
  const stored = await Promise.all(venues.map(({ id }) => records.get('CALENDAR', id)));
  return Object.fromEntries(stored.flatMap((each) => (each ? [[each.id, each.digest]] : [])));
}
