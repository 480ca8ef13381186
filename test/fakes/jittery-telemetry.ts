import type { Lease } from '../../domain/lease/lease.ts';
import { addRoundTrips, type LatencyWindow } from '../../domain/monitor/latency-window.ts';
import { anInstance } from './a-sample.ts';

/** How a healthy engine's renewals vary. Milliseconds; chances from 0 to 1. */
const HEALTHY = {
  renewEveryMs: 1_000,
  jitterMs: 150,
  /** A renewal is lost, and the one after it too; never a third. */
  lostChance: 0.01,
  skewMs: 900,
  beatEveryMs: 400,
  medianRoundTripMs: 25,
  slowChance: 0.002,
  backlogChance: 0.02,
};
const BOUNDS_MS = [5, 20, 60, 120, 500];

export type JitterySettings = { readonly seed: number; readonly start: Date; readonly instanceId?: string };

/**
 * The leases of a healthy engine whose renewals come with jitter, some of them lost (at most two in a row), whose clock is off by less than a second
 * and whose orders take as long as orders take: the newest one at each moment, moments ascending. The same seed gives the same engine. Nothing of it is a
 * reason to act.
 */
export function jitteryTelemetry({ seed, start, instanceId = 'btc-momentum-1' }: JitterySettings) {
  const random = mulberry32(seed);
  const skewMs = Math.round((random() * 2 - 1) * HEALTHY.skewMs);
  let [nextMs, lost, roundTrips] = [0, 0, [] as LatencyWindow];
  let lease = leaseAt(0);

  function leaseAt(ms: number): Lease | undefined {
    const at = new Date(start.getTime() + ms);
    const sent = new Date(at.getTime() + skewMs - Math.round(random() * 40)); // by its own clock, before it came in
    roundTrips = addRoundTrips(roundTrips, { boundsMs: BOUNDS_MS, counts: orders(random) }, at);
    const beat = () => new Date(sent.getTime() - Math.floor(random() * HEALTHY.beatEveryMs)).toISOString();
    const names = ['marketData', 'featureStore', 'executionGateway', 'orderAcknowledgements', 'riskService'];
    return anInstance({
      ...{ instanceId, at },
      report: {
        heartbeats: Object.fromEntries(names.map((name) => [name, beat()])),
        queueBacklog: random() < HEALTHY.backlogChance ? 1 : 0,
      },
      telemetry: { roundTrips, sentAt: sent.toISOString(), clockOffsetMs: skewMs },
    }).lease;
  }

  const isLost = () => lost < 2 && random() < (lost === 0 ? HEALTHY.lostChance : 0.3);

  return {
    /** The newest lease at that moment. */
    at(now: Date): Lease | undefined {
      while (start.getTime() + nextMs <= now.getTime()) {
        lost = isLost() ? lost + 1 : 0;
        if (lost === 0) lease = leaseAt(nextMs);
        nextMs += HEALTHY.renewEveryMs + Math.round((random() * 2 - 1) * HEALTHY.jitterMs);
      }
      return lease;
    },
  };
}

/** Up to four orders a second, nearly all of them fast: counts by bound. */
function orders(random: () => number): number[] {
  const counts = [0, 0, 0, 0, 0, 0];
  for (let order = Math.floor(random() * 5); order > 0; order -= 1) {
    const ms = random() < HEALTHY.slowChance ? 300 : HEALTHY.medianRoundTripMs * (0.5 + random());
    const index = BOUNDS_MS.findIndex((bound) => ms <= bound);
    counts[index] = Number(counts[index]) + 1;
  }
  return counts;
}

/** A small random generator with a seed, so that a week is the same week each time. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
