import type { Ports } from '../ports/ports.ts';
import type { IsoWeek } from './iso-week.ts';
import { type Digest, weeklyDigest } from './weekly-digest.ts';

export type ReadDigestPorts = {
  readonly strategies: Pick<Ports['strategies'], 'list'>;
  readonly records: Pick<Ports['records'], 'list'>;
  readonly now: () => Date;
};

const MOST = { limit: 2_000 };

/** The digest of a week, of the newest two thousand records of each kind. */
export async function readDigest(week: IsoWeek, { strategies, records, now }: ReadDigestPorts): Promise<Digest> {
  const [overrides, reviews, runs, deliveries, all] = await Promise.all([
    records.list('OVERRIDE', MOST),
    records.list('REVIEW', MOST),
    records.list('RUN', MOST),
    records.list('DELIVERY', MOST),
    strategies.list(),
  ]);
  return weeklyDigest({ week, now: now(), overrides, reviews, runs, deliveries, strategies: all });
}
