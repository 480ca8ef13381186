import type { DataIncident } from './data-incident.ts';
import type { ExposureLook, ExposurePoint } from './exposure-look.ts';

const MOST_POINTS = 60;

/** The incident after one more look. */
export function afterLook(incident: DataIncident, look: ExposureLook, stableSeconds: number): DataIncident {
  const { stableSince: before, ...rest } = incident;
  const stableSince = isStable(look) ? (before ?? look.at) : undefined;
  const status = stableSince !== undefined && isLasting(stableSince, look.at, stableSeconds) ? 'stable' : 'open';
  return {
    ...rest,
    status,
    ...(stableSince !== undefined && { stableSince }),
    exposure: look,
    course: thinned([...incident.course, pointOf(look)]),
    looks: incident.looks + 1,
    version: incident.version + 1,
  };
}

/** Every feed of every instance is heard; where there is no instance nothing is. */
const isStable = ({ engines }: ExposureLook): boolean => engines.length > 0 && engines.every(({ stable }) => stable);

const isLasting = (since: string, now: string, seconds: number): boolean =>
  Date.parse(now) - Date.parse(since) >= seconds * 1000;

/** The whole course, ever more coarsely: of too many points every second one goes, but for the newest. */
const thinned = (course: readonly ExposurePoint[]): ExposurePoint[] =>
  course.length <= MOST_POINTS
    ? [...course]
    : course.filter((_, index) => index % 2 === 0 || index === course.length - 1);

export function pointOf({ at, engines, venues }: ExposureLook): ExposurePoint {
  const feeds = engines.flatMap(({ feeds: { marketDataMs, featureStoreMs } }) => [marketDataMs, featureStoreMs]);
  const sides = venues.some(({ unknown }) => unknown !== undefined) ? engines : venues;
  return {
    at,
    notional: total(sides.map(({ positions }) => positions?.reduce((sum, { notional }) => sum + notional, 0))),
    openOrders: total(sides.map(({ openOrders }) => openOrders)),
    unrealised: total(engines.map(({ pnl }) => pnl?.unrealised)),
    feedMs: feeds.reduce((oldest, age) => (oldest === null || age === null ? null : Math.max(oldest, age)), 0),
  };
}

/** Null where one of them is not known: a part is no sum. */
const total = (parts: readonly (number | undefined)[]): number | null =>
  parts.reduce<number | null>((sum, part) => (sum === null || part === undefined ? null : sum + part), 0);

/** What people read of it: which feeds are not heard. */
export function feedWords({
  exposure: { engines },
  stableSince,
}: Pick<DataIncident, 'exposure' | 'stableSince'>): string {
  const silent = engines.filter(({ stable }) => !stable).map(({ instanceId }) => instanceId);
  if (silent.length > 0) return `feeds are not heard at ${silent.join(', ')}`;
  return stableSince === undefined ? 'no feed is heard' : `every feed is heard since ${stableSince}`;
}
