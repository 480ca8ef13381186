import type { Run } from '../control-record.ts';
import type { Registration } from '../registration.ts';

/** The first deadline of a stop's drain, ISO: counted from its request. */
export const drainDeadline = ({ startedAt }: Pick<Run, 'startedAt'>, { policy }: Registration): string =>
  new Date(Date.parse(startedAt) + policy.drainSeconds * 1000).toISOString();
