import type { Run } from '../control-record.ts';
import type { FreezePorts } from '../freeze/covering-freezes.ts';
import { RunId, type StrategyId } from '../ids.ts';
import { type ChangeApprovalPorts, changeApprovalGate } from '../launch/change-approval-gate.ts';
import { type CiHealthPorts, ciHealthGate } from '../launch/ci-health-gate.ts';
import { finding, type GateResult, gateResult } from '../launch/finding.ts';
import { freezesGate } from '../launch/freezes-gate.ts';
import { type MarketPorts, marketReadinessGate } from '../launch/market-readiness-gate.ts';
import type { LaunchRequest } from '../launch/request-launch.ts';
import { type RiskPorts, riskEnvelopeGate } from '../launch/risk-envelope-gate.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { RunStep } from '../run-step.ts';
import type { PlanPorts } from './read-plan.ts';
import { readyGate } from './ready-gate.ts';

/** Everything that the gates look at, and nothing that starts, tells or enables. */
export type GatePorts = Pick<Ports, 'strategies'> &
  PlanPorts &
  ChangeApprovalPorts &
  CiHealthPorts &
  MarketPorts &
  RiskPorts &
  FreezePorts;

export type Gate = (run: RunStep, ports: GatePorts) => Promise<GateResult>;

/** The gates of a launch in the order of the runbook, each the very one that its state runs. */
const GATES: Readonly<Record<string, Gate>> = {
  'ready to launch': readyGate,
  'change approval': changeApprovalGate,
  'CI health': ciHealthGate,
  'market readiness': marketReadinessGate,
  'risk envelope': riskEnvelopeGate,
  freezes: freezesGate,
};

/** What is asked about: a launch as somebody would request it. */
export type Asked = {
  readonly strategyId: StrategyId;
  readonly requestedBy: Run['requestedBy'];
  readonly request: LaunchRequest;
};

/**
 * What every gate would say now to a launch that nobody has asked for yet. They all see a run that is written nowhere, and cannot write: asking
 * changes nothing. A gate that fails to judge is a no-go that says so.
 */
export async function judgeGates(asked: Asked, ports: GatePorts, gates = GATES): Promise<GateResult[]> {
  const run = asIfRequested(asked, ports.now());
  const step: RunStep = { strategyId: asked.strategyId, runId: run.id, epoch: run.epoch };
  const looking = { ...ports, records: withRun(run, ports.records) };
  return Promise.all(
    Object.entries(gates).map(([name, gate]) =>
      gate(step, looking).catch((error) => unjudged(name, error, ports.now())),
    ),
  );
}

const asIfRequested = ({ strategyId, requestedBy, request }: Asked, now: Date): Run => ({
  ...{ id: RunId.parse('plan'), machine: 'launch', strategyId, epoch: 0, status: 'RUNNING' },
  ...{ requestedBy, startedAt: now.toISOString(), request, summary: 'a launch that nobody has asked for yet' },
});

/** The records as they are, with one run more; they can be read and not written. */
function withRun(run: Run, records: Ports['records']): Ports['records'] {
  const unwritten = () => Promise.reject(new TypeError('a gate writes nothing'));
  return {
    // the run is of the kind that is asked for
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    get: (kind, id) => (kind === 'RUN' && id === run.id ? Promise.resolve(run as never) : records.get(kind, id)),
    list: (kind, options) => records.list(kind, options),
    all: (kind) => records.all(kind),
    put: unwritten,
    replace: unwritten,
    latchScope: unwritten,
  };
}

function unjudged(gate: string, error: unknown, now: Date): GateResult {
  const { code, message } = error instanceof Refusal ? error : { code: 'NoGo' as const, message: String(error) };
  const evidence = { source: gate, observedAt: now.toISOString() };
  const seen = {
    check: `${gate}.judged`,
    expected: 'a verdict',
    actual: `it could not be judged: ${message}`,
    evidence,
  };
  return gateResult(gate, [finding(false, code, seen)]);
}
