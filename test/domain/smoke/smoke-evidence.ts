import type { SmokeReport } from '../../../domain/engine/smoke-report.ts';
import { RunId } from '../../../domain/ids.ts';
import type { SmokeAnswer } from '../../../domain/smoke/instance-smoke.ts';
import type { LastGoodSmoke } from '../../../domain/smoke/last-good-smoke.ts';
import type { SmokeEvidence } from '../../../domain/smoke/smoke-document.ts';
import { ARTIFACT, REGISTRATION, RUN, START, STRATEGY } from '../../fakes/world.ts';

const AT = START.toISOString();

export const ORDER = {
  ...{ at: AT, instrument: 'BTC-PERP', side: 'buy' as const },
  ...{ quantity: 2, price: 100.25, referencePrice: 100 },
};

/** Fifteen minutes up to now in which ten orders were sent and four of them cancelled: inside every band of the fakes' registration. */
export const REPORT: SmokeReport = {
  window: { from: '2026-11-24T11:45:00.000Z', to: AT },
  bars: 15,
  orders: Array.from({ length: 10 }, () => ORDER),
  rejects: 0,
  cancels: 4,
  latency: { p50Ms: 3, p95Ms: 12 },
  artifactDigest: ARTIFACT,
};

export const answered = (instanceId: string, said: SmokeAnswer['said'] = REPORT): SmokeAnswer => ({
  ...{ instanceId, askedAt: START, answeredAt: START, said },
});

/** A replay of one instance that said this, judged by the fakes' bands. */
export const evidence = (changes: Partial<SmokeReport> = {}, more: Partial<SmokeEvidence> = {}): SmokeEvidence => ({
  run: { id: RUN, strategyId: STRATEGY },
  answers: [answered('btc-momentum-1', { ...REPORT, ...changes })],
  expected: { artifactDigest: ARTIFACT },
  bands: REGISTRATION.policy.smoke,
  windowMinutes: 15,
  lastGood: undefined,
  now: START,
  ...more,
});

/** The last good replay, in which the first instance sent eight orders. */
export const LAST_GOOD: LastGoodSmoke = {
  id: `${STRATEGY}/15m`,
  strategyId: STRATEGY,
  run: RunId.parse('launch-btc-momentum-20261123-0123456789ab'),
  at: '2026-11-23T12:00:00.000Z',
  windowMinutes: 15,
  key: 'reports/live/2026-11-23/btc-momentum/launch/smoke.json',
  hash: ARTIFACT,
  instances: [{ instanceId: 'btc-momentum-1', measured: { orders: 8, latency: null } }],
};
