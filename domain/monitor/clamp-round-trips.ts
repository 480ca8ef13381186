import { RoundTripHistogram } from '../engine/lease-request.ts';
import { type Believed, believed, leftOut, shown } from './clamp.ts';

/** As many round trips as one renewal may bring: a minute of lost replies at more than a thousand orders a second. */
const MOST = 100_000;

/** The histogram of a renewal. One that cannot be read is left out; one with more round trips than an engine can have made is scaled down, and no bucket becomes empty. */
export function clampRoundTrips(told: unknown): Believed<RoundTripHistogram | undefined> {
  const { data } = RoundTripHistogram.safeParse(told);
  if (!data) return leftOut('round-trips-unreadable', `roundTrip is no histogram: ${shown(told)}`);
  const total = data.counts.reduce((sum, count) => sum + count, 0);
  if (total <= MOST) return believed(data);
  const counts = data.counts.map((count) => Math.ceil((count * MOST) / total));
  return {
    value: { ...data, counts },
    clamped: [{ code: 'round-trips-too-many', detail: `roundTrip has ${total} round trips, more than ${MOST}` }],
  };
}
