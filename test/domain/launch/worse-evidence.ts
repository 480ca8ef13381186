import { RunId } from '../../../domain/ids.ts';
import type { GateResult } from '../../../domain/launch/finding.ts';
import type { GoNoGoEvidence } from '../../../domain/launch/go-no-go-evidence.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';

/** A change of the evidence, and the check that has to say no then. */
export type Change = readonly [what: string, no: string, change: (evidence: GoNoGoEvidence) => GoNoGoEvidence];

export const OTHER = digestOf('something else');
const noGate: GateResult = { gate: 'market readiness', summary: 'halted', verdict: 'postpone', findings: [] };

/** Every part that can be missing, with the check that names it. */
export const missing: readonly Change[] = [
  ['what two people signed', 'confirmation', (e) => ({ ...e, approval: null })],
  ['the change event', 'governance.change-event', (e) => ({ ...e, change: null })],
  ['the preconditions', 'preconditions', (e) => ({ ...e, preconditions: null })],
  ['the deployment', 'deployment', (e) => ({ ...e, deployment: null })],
  ['the smoke report', 'smoke', (e) => ({ ...e, smoke: null })],
  ['the rehearsal of the kill path', 'kill-path', (e) => ({ ...e, killPath: null })],
  ['the status of one instance', 'btc-momentum-2.status', (e) => ({ ...e, statuses: e.statuses.slice(0, 1) })],
  ['what is approved', 'btc-momentum-1.artifactDigest', (e) => ({ ...e, approved: null })],
  ['the dashboard', 'dashboard', (e) => ({ ...e, dashboard: null })],
  [
    'what was measured of one instance',
    'dashboard.btc-momentum-2.acknowledgements',
    (e) => ({ ...e, measured: e.measured.slice(0, 1) }),
  ],
  ['the market now', 'market', (e) => ({ ...e, market: null })],
  ['the freezes now', 'freezes', (e) => ({ ...e, freezes: null })],
  ...['change approval', 'CI health', 'market readiness', 'risk envelope', 'freezes'].map(
    (name): Change => [
      `the precondition ${name}`,
      `preconditions.${name}`,
      (e) => ({
        ...e,
        preconditions: e.preconditions && {
          ...e.preconditions,
          gates: e.preconditions.gates.filter(({ gate }) => gate !== name),
        },
      }),
    ],
  ),
  ...(['cancel', 'lease-loss', 'block'] as const).map(
    (path): Change => [
      `the rehearsal of ${path} on one instance`,
      `kill-path.btc-momentum-2.XSIM.${path}`,
      (e) =>
        withReport(e, (report) => ({
          ...report,
          trials: report.trials.filter((each) => each.path !== path || each.instanceId !== 'btc-momentum-2'),
        })),
    ],
  ),
  [
    'what rests at a venue afterwards',
    'kill-path.XSIM.left',
    (e) => withReport(e, (report) => ({ ...report, left: [] })),
  ],
];

/** Every part that can be worse than it should be. */
export const worse: readonly Change[] = [
  ['a plan that has changed', 'plan', (e) => ({ ...e, plan: { unchanged: false, said: 'limits were edited' } })],
  ['a newer epoch', 'confirmation', (e) => ({ ...e, epoch: 1 })],
  [
    'signatures that do not count',
    'confirmation',
    (e) => ({ ...e, approval: e.approval && { ...e.approval, signatures: [] } }),
  ],
  [
    'the approval of another run',
    'confirmation',
    (e) => ({ ...e, approval: e.approval && { ...e.approval, runId: RunId.parse('another') } }),
  ],
  ['an approval that has expired', 'confirmation', (e) => ({ ...e, at: '2026-11-24T12:30:00.000Z' })],
  [
    'another key than that which signed',
    'governance.change-event',
    (e) => ({ ...e, change: e.change && { ...e.change, publicKey: 'AAAA' } }),
  ],
  [
    'preconditions that were rewritten',
    'preconditions.recorded',
    (e) => ({ ...e, preconditions: e.preconditions && { ...e.preconditions, hash: OTHER } }),
  ],
  [
    'a deployment that failed',
    'deployment',
    (e) => ({ ...e, deployment: e.deployment && { ...e.deployment, verdict: 'no-go' } }),
  ],
  [
    'a smoke report that was rewritten',
    'smoke.recorded',
    (e) => ({ ...e, smoke: e.smoke && { ...e.smoke, hash: OTHER } }),
  ],
  ['no smoke gate at all', 'smoke', (e) => ({ ...e, smoke: e.smoke && { ...e.smoke, gates: [] } })],
  [
    'a gate that found nothing',
    'smoke.smoke',
    (e) => ({
      ...e,
      smoke: e.smoke && { ...e.smoke, gates: e.smoke.gates.map((gate) => ({ ...gate, findings: [] })) },
    }),
  ],
  [
    'a rehearsal that was rewritten',
    'kill-path.recorded',
    (e) => ({ ...e, killPath: e.killPath && { ...e.killPath, hash: OTHER } }),
  ],
  [
    'the rehearsal of another run',
    'kill-path.run',
    (e) => withReport(e, (report) => ({ ...report, run: RunId.parse('another') })),
  ],
  [
    'an order that rests afterwards',
    'kill-path.XSIM.left',
    (e) => withReport(e, (report) => ({ ...report, left: [{ venue: 'XSIM', resting: 1, said: '1 rests' }] })),
  ],
  [
    'a status that is too old',
    'btc-momentum-1.status',
    (e) => ({ ...e, statuses: e.statuses.map((each) => ({ ...each, at: '2026-11-24T11:59:49.999Z' })) }),
  ],
  [
    'a status from the future',
    'btc-momentum-1.status',
    (e) => ({ ...e, statuses: e.statuses.map((each) => ({ ...each, at: '2026-11-24T12:00:00.001Z' })) }),
  ],
  [
    'an engine that does not answer',
    'btc-momentum-1.status',
    (e) => ({ ...e, statuses: e.statuses.map((each) => ({ ...each, status: null, said: 'no answer' })) }),
  ],
  ['another engine at its address', 'btc-momentum-1.status', (e) => withStatus(e, { strategyId: 'another' })],
  [
    'acknowledgements that are not healthy',
    'btc-momentum-1.acknowledgements',
    (e) => withStatus(e, { acknowledgements: { healthy: false, p95Ms: 1 } }),
  ],
  ['orders that wait', 'btc-momentum-1.queue', (e) => withStatus(e, { queueBacklog: 1 })],
  [
    'a kill switch that is not wired',
    'btc-momentum-1.kill-switch',
    (e) => withStatus(e, { killSwitch: { subscribed: false, lastProbeAt: null } }),
  ],
  ['an engine at a higher epoch', 'btc-momentum-1.epoch', (e) => withStatus(e, { epoch: 1 })],
  ['an engine that trades already', 'btc-momentum-1.mode', (e) => withStatus(e, { mode: 'ACTIVE' })],
  ['another artifact', 'btc-momentum-1.artifactDigest', (e) => withStatus(e, { artifactDigest: OTHER })],
  [
    'a heartbeat that is late',
    'dashboard.btc-momentum-1.execution-gateway',
    (e) => withSignal(e, 'heartbeat-execution-gateway-ms', 2_001),
  ],
  ['a lease that is old', 'dashboard.btc-momentum-1.lease-age', (e) => withSignal(e, 'lease-age-ms', 5_001)],
  [
    'slow acknowledgements',
    'dashboard.btc-momentum-1.acknowledgement-p95',
    (e) => withSignal(e, 'acknowledgement-p95-ms', 120),
  ],
  [
    'a signal that is not measured',
    'dashboard.btc-momentum-1.risk-service',
    (e) => withSignal(e, 'heartbeat-risk-service-ms', undefined),
  ],
  [
    'measurements that are too old',
    'dashboard.btc-momentum-1.lease-age',
    (e) => ({ ...e, measured: e.measured.map((each) => ({ ...each, observedAt: '2026-11-24T11:59:49.999Z' })) }),
  ],
  [
    'a market that has closed',
    'market.market readiness',
    (e) => ({ ...e, market: e.market && { ...e.market, gate: noGate } }),
  ],
  [
    'a market that was judged earlier',
    'market',
    (e) => ({ ...e, market: e.market && { ...e.market, at: '2026-11-24T11:59:49.999Z' } }),
  ],
  [
    'a freeze',
    'freezes.freezes',
    (e) => ({ ...e, freezes: e.freezes && { ...e.freezes, gate: { ...e.freezes.gate, verdict: 'no-go' } } }),
  ],
];

const withStatus = (e: GoNoGoEvidence, change: object): GoNoGoEvidence => ({
  ...e,
  statuses: e.statuses.map((each) => ({ ...each, status: each.status && { ...each.status, ...change } })),
});

const withSignal = (e: GoNoGoEvidence, signal: string, value: number | undefined): GoNoGoEvidence => ({
  ...e,
  measured: e.measured.map((each) => ({ ...each, signals: { ...each.signals, [signal]: value } })),
});

function withReport(
  e: GoNoGoEvidence,
  change: (report: NonNullable<GoNoGoEvidence['killPath']>['report']) => object,
): GoNoGoEvidence {
  return {
    ...e,
    killPath: e.killPath && { ...e.killPath, report: { ...e.killPath.report, ...change(e.killPath.report) } },
  };
}
