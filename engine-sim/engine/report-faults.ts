import { digestOfDocument } from './document-digest.ts';
import type { InstanceReport } from './instance-report.ts';

/** Faults of what an instance tells with its lease, by name. */
export const REPORT_FAULTS = {
  'stop-heartbeats': 'its components stop reporting; the lease goes on',
  'stop-market-data': 'its price feed stops reporting; the lease goes on',
  'stop-feature-store': 'its feature store stops reporting; the lease goes on',
  'stop-execution': 'its gateway and its acknowledgements stop reporting; the lease goes on',
  'stop-risk-service': 'its risk service stops reporting; the lease goes on',
  drift: 'its portfolio wants a twentieth more than it holds, and a unit more of its instrument',
  'skewed-clock': 'it stamps everything that it tells four seconds ahead',
  'bad-telemetry': 'its metrics are nonsense',
  'other-limits': 'it says that it runs other limits than were deployed',
} as const;
export type ReportFault = keyof typeof REPORT_FAULTS;

const STOPPED: Partial<Record<ReportFault, readonly string[]>> = {
  'stop-heartbeats': ['marketData', 'featureStore', 'executionGateway', 'orderAcknowledgements', 'riskService'],
  'stop-market-data': ['marketData'],
  'stop-feature-store': ['featureStore'],
  'stop-execution': ['executionGateway', 'orderAcknowledgements'],
  'stop-risk-service': ['riskService'],
};
const SKEW_MS = 4_000;
const WANTED = 1.05;

/** What an instance tells, as its faults make it. A component that has stopped tells its last heartbeat again and again. */
export function faultyReport(
  report: () => InstanceReport,
  instrument: () => string,
  active: (fault: ReportFault) => boolean,
): () => InstanceReport {
  let last: Record<string, string> = {};
  return () => {
    const told = report();
    const stopped = Object.entries(STOPPED).flatMap(([fault, names]) => (isOn(fault, active) ? names : []));
    const kept = Object.entries(last).filter(([name]) => stopped.includes(name));
    const beating = Object.entries(told.heartbeats).filter(([name]) => !stopped.includes(name));
    last = Object.fromEntries([...kept, ...beating]);
    return CHANGES.reduce((now, [fault, change]) => (active(fault) ? change(now, instrument()) : now), {
      ...told,
      heartbeats: last,
    });
  };
}

const isOn = (fault: string, active: (fault: ReportFault) => boolean): boolean => isReportFault(fault) && active(fault);
const isReportFault = (fault: string): fault is ReportFault => Object.hasOwn(REPORT_FAULTS, fault);

type Change = (told: InstanceReport, instrument: string) => InstanceReport;
const CHANGES: readonly [ReportFault, Change][] = [
  ['drift', (told, instrument) => ({ ...told, targets: drifted(told.positions, instrument) })],
  ['other-limits', (told) => ({ ...told, limitsDigest: digestOfDocument({ other: 'limits' }) })],
  ['skewed-clock', skewed],
  ['bad-telemetry', nonsense],
];

function drifted(positions: InstanceReport['positions'], instrument: string): InstanceReport['targets'] {
  const held = positions.map((each) => ({ instrument: each.instrument, quantity: each.quantity * WANTED }));
  const own = held.find((each) => each.instrument === instrument)?.quantity ?? 0;
  return [...held.filter((each) => each.instrument !== instrument), { instrument, quantity: own + 1 }];
}

function skewed(told: InstanceReport): InstanceReport {
  const later = (at: string) => new Date(Date.parse(at) + SKEW_MS).toISOString();
  const heartbeats = Object.fromEntries(Object.entries(told.heartbeats).map(([name, at]) => [name, later(at)]));
  return { ...told, sentAt: later(told.sentAt), heartbeats };
}

/** The counts stay: the instance takes them off when the renewal was answered. */
function nonsense(told: InstanceReport): InstanceReport {
  const { counts, boundsMs } = told.roundTrip;
  return {
    ...told,
    openOrders: -1,
    queueBacklog: Number.NaN,
    positions: [{ instrument: '', quantity: Number.POSITIVE_INFINITY, averagePrice: -1, markPrice: -1 }],
    roundTrip: { counts, boundsMs: boundsMs.toReversed() },
    heartbeats: { ...told.heartbeats, marketData: 'soon', coffeeMachine: told.sentAt },
  };
}
