import type { Restrict } from '../ladder/restrict.ts';
import type { VenueIncident } from './venue-incident.ts';

/**
 * Runbook 5.3.1: what the incident of a venue asks of the mode ladder, always the same command. From its deadline on, at which it has ended in any case,
 * people are asked whether it may be lifted, as soon as it has been quiet for long enough.
 */
export const throttleOf = ({
  id,
  strategyId,
  venue,
  runId,
  reason,
  by,
  ordersPerSec,
  killAt,
}: VenueIncident): Restrict => ({
  ...{ strategyId, to: 'THROTTLED', ordersPerSec, actor: by, until: killAt },
  ...{ reason: `${venue} is unstable: ${reason}`, causeId: id, commandId: `${runId}/throttle` },
});
