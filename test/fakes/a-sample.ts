import type { Lease } from '../../domain/lease/lease.ts';
import { digestOf } from '../../domain/ledger/digest.ts';
import { judgeStrategy } from '../../domain/monitor/judge-strategy.ts';
import { addRoundTrips } from '../../domain/monitor/latency-window.ts';
import type { InstanceSample, Sample } from '../../domain/monitor/sample.ts';
import type { Telemetry } from '../../domain/monitor/telemetry.ts';
import { newStrategy, type Strategy } from '../../domain/strategy.ts';
import { shippedMonitors } from './shipped-monitors.ts';
import { ARTIFACT, LIMITS, PARAMETERS, REGISTRATION, START, STRATEGY } from './world.ts';

export const MARK = 100;
export const INSTRUMENT = 'BTC-PERP';
const LOADED = { artifactDigest: ARTIFACT, limitsDigest: digestOf(LIMITS), parametersDigest: digestOf(PARAMETERS) };
const COMPONENTS = ['marketData', 'featureStore', 'executionGateway', 'orderAcknowledgements', 'riskService'] as const;

/** So many milliseconds before (or, negative, after) the moment at which samples are taken. */
export const ago = (ms: number, from = START): string => new Date(from.getTime() - ms).toISOString();

export const position = (quantity: number, instrument = INSTRUMENT, markPrice = MARK) => ({
  ...{ instrument, quantity, averagePrice: MARK, markPrice },
});

/** Beats of all components, so old. */
export const beats = (ms: number, from = START) =>
  Object.fromEntries(COMPONENTS.map((component) => [component, ago(ms, from)]));

/** So many round trips that took so long, told at that moment. */
export const roundTrips = (ms: number, count: number, at = START) =>
  addRoundTrips(undefined, { boundsMs: [ms], counts: [count, 0] }, at);

type Given = {
  readonly instanceId?: string;
  readonly at?: Date;
  readonly report?: Record<string, unknown>;
  readonly telemetry?: Partial<Telemetry>;
  readonly lease?: Partial<Lease>;
};

/** One instance as healthy as can be, but for what is given. Its report came in at `at`. */
export function anInstance({
  instanceId = 'btc-momentum-1',
  at = START,
  report,
  telemetry,
  lease,
}: Given = {}): InstanceSample {
  const time = at.toISOString();
  return {
    instanceId,
    lease: {
      ...{ id: `${STRATEGY}/${instanceId}`, strategyId: STRATEGY, instanceId, epoch: 3, grantedMode: 'ACTIVE' },
      ...{ grantedAt: time, expiresAt: new Date(at.getTime() + REGISTRATION.leaseTtlMs).toISOString() },
      report: {
        ...{ instanceId, epoch: 3, mode: 'ACTIVE', halted: false, openOrders: 2, queueBacklog: 0, ...LOADED },
        ...{ positions: [], pnl: { realised: 0, unrealised: 0, currency: 'USD' }, heartbeats: beats(200, at) },
        ...report,
      },
      telemetry: {
        ...{ receivedAt: time, sentAt: time, flag: 'on', roundTrips: [], clamped: [], targets: [] },
        ...telemetry,
      },
      ...lease,
    },
  };
}

/** A strategy that trades as it was approved, with one healthy instance, but for what is given. */
export function aSample({
  state,
  ...given
}: Partial<Omit<Sample, 'state'>> & { readonly state?: Partial<Strategy> } = {}): Sample {
  return {
    state: { ...newStrategy(STRATEGY), mode: 'ACTIVE', epoch: 3, maxOrdersPerSec: 4, ...LOADED, ...state },
    registration: REGISTRATION,
    instances: [anInstance()],
    limits: LIMITS,
    ...{ targets: undefined, drift: undefined, now: START },
    ...given,
  };
}

/** One instance in a strategy, as given. */
export const one = (given: Given, more: Parameters<typeof aSample>[0] = {}): Sample =>
  aSample({ instances: [anInstance(given)], ...more });

/** What is found, as `rule/subject level action`, as short as a list of alerts: subjects without the only instance there is. */
export const foundIn = (sample: Sample): string[] =>
  judgeStrategy(sample, shippedMonitors().defaults).map(({ rule, subject, level, action }) =>
    [`${rule}/${subject.replace('@btc-momentum-1', '')}`, level, ...(action ? [action] : [])].join(' '),
  );

/** What was found at the last look too, and for so many milliseconds by then. */
export const stood = (id: string, ms: number) => ({
  standing: new Map([[`${STRATEGY}/${id}@btc-momentum-1`, { since: ago(ms), at: ago(1_000) }]]),
});

/** A report in which one component beat so long ago, and all others just now; without a time it never did. */
export const beating = (component: string, ms?: number) => ({
  report: { heartbeats: { ...beats(100), [component]: ms === undefined ? 'never' : ago(ms) } },
});
