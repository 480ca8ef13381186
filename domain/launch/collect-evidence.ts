import * as z from 'zod';
import type { Approval, ApprovalKind } from '../approval/approval.ts';
import { approvalId } from '../approval/open-approval.ts';
import { askInstances, type Said } from '../ask-instances.ts';
import { readRegistration } from '../change.ts';
import type { Run } from '../control-record.ts';
import { measureSignals } from '../dashboard/measure-signals.ts';
import type { RiskStatus } from '../engine/risk-status.ts';
import type { GovernanceKey } from '../governance/governance-key.ts';
import { leaseId } from '../lease/lease.ts';
import { standingOverrides } from '../override/standing-overrides.ts';
import { requireUnchanged } from '../plan/require-unchanged.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Registration } from '../registration.ts';
import { readRun } from '../run-evidence.ts';
import type { RunStep } from '../run-step.ts';
import { GateResult } from './finding.ts';
import { freezesGate } from './freezes-gate.ts';
import type { GoNoGoEvidence, JudgedAgain } from './go-no-go-evidence.ts';
import { KillPathReport } from './kill-path-report.ts';
import { marketReadinessGate } from './market-readiness-gate.ts';
import { readApprovedChange } from './read-approved-change.ts';
import { readFiled, replyOf } from './read-filed.ts';
import { KILL_PATH, PRECONDITIONS } from './run-files.ts';

const DEADLINE_MS = 5_000;

/** What go/no-go reads, and where it is recorded. */
export type GoNoGoPorts = Pick<
  Ports,
  'strategies' | 'records' | 'evidence' | 'engines' | 'demoAuthenticators' | 'now' | 'jitter'
> &
  Pick<Ports, 'trustedManifestKeys' | 'parseYaml' | 'readYaml'> & {
    readonly governance: Pick<GovernanceKey, 'publicKey'>;
  };

/** What is to be enabled, and which approval confirmed it. */
export type Enabling = { readonly machine: GoNoGoEvidence['machine']; readonly confirmation: ApprovalKind };

/** Reads everything that go/no-go is judged on. What cannot be read is null, which is a no: nothing here decides. Throws NoIntent and UnknownStrategy. */
export async function collectEvidence(
  command: RunStep,
  { machine, confirmation }: Enabling,
  ports: GoNoGoPorts,
): Promise<GoNoGoEvidence> {
  const [run, registration] = await Promise.all([readRun(command, ports), readRegistration(command.strategyId, ports)]);
  const [recorded, plan, market, freezes, overrides] = await Promise.all([
    readRecorded(command, run, confirmation, ports),
    planStands(command, ports),
    judgedAgain(() => marketReadinessGate(command, ports), ports),
    judgedAgain(() => freezesGate(command, ports), ports),
    standingOverrides(command.strategyId, ports),
  ]);
  const seen = await readEngines(registration, ports);
  return {
    ...{ v: 1, machine, run: run.id, strategy: registration.id, environment: registration.environment },
    ...{ epoch: command.epoch, at: ports.now().toISOString() },
    instances: registration.engines.map(({ instanceId }) => instanceId),
    venues: registration.venues.map(({ id }) => id),
    demoAuthenticators: ports.demoAuthenticators,
    ...recorded,
    ...{ plan, market, freezes, overrides: overrides.map((each) => ({ ...each, signers: [...each.signers] })) },
    ...seen,
  };
}

async function readRecorded(command: RunStep, run: Run, confirmation: ApprovalKind, ports: GoNoGoPorts) {
  const [approved, approval, change, publicKey, dashboard, deployment, preconditions, smoke, killPath] =
    await Promise.all([
      attempted(() => readApprovedChange(command.strategyId, ports)),
      ports.records.get('APPROVAL', approvalId(command, confirmation)),
      ports.records.get('CHANGE', command.runId),
      ports.governance.publicKey(),
      ports.records.get('DASHBOARD', 'live'),
      replyOf(run, 'DeployArtifact', ports),
      readFiled(run, { step: 'RequirePreconditions', file: PRECONDITIONS }, Gates, ports),
      readFiled(run, { step: 'RunSmokeValidation', file: 'smoke.json' }, Gates, ports),
      readFiled(run, { step: 'ProbeKillPath', file: KILL_PATH }, KillPathReport, ports),
    ]);
  return {
    approved: approved instanceof Refusal ? null : digestsOf(approved),
    approval: approval ? withoutToken(approval) : null,
    change: change ? { envelope: change.envelope, publicKey, recordedAt: change.recordedAt } : null,
    dashboard: dashboard ?? null,
    deployment: deployment ? { ...deployment.reply, at: deployment.at } : null,
    preconditions: preconditions && { ...preconditions.filed, gates: preconditions.content.gates },
    smoke: smoke && { ...smoke.filed, gates: smoke.content.gates },
    killPath: killPath && { ...killPath.filed, report: killPath.content },
  };
}

const Gates = z.object({ gates: z.array(GateResult) });

const digestsOf = ({ artifactDigest, limitsDigest, parametersDigest }: ApprovedDigests): ApprovedDigests => ({
  ...{ artifactDigest, limitsDigest, parametersDigest },
});
type ApprovedDigests = NonNullable<GoNoGoEvidence['approved']>;

/** The question as people signed it; what waits for the answer is nobody's business. */
function withoutToken({ taskToken: _hidden, ...approval }: Approval): Omit<Approval, 'taskToken'> {
  return approval;
}

async function planStands(command: RunStep, ports: GoNoGoPorts): Promise<GoNoGoEvidence['plan']> {
  const approval = await attempted(() => requireUnchanged(command, ports));
  if (approval instanceof Refusal) return { unchanged: false, said: approval.message };
  return { unchanged: true, said: 'as it was signed' };
}

async function judgedAgain(judge: () => Promise<GateResult>, { now }: Pick<Ports, 'now'>): Promise<JudgedAgain | null> {
  const gate = await attempted(judge);
  return gate instanceof Refusal ? null : { at: now().toISOString(), gate };
}

/** What every instance says now, and what is measured of it: last of all, since it ages fastest. */
async function readEngines(registration: Registration, ports: GoNoGoPorts) {
  const said = await askInstances(
    registration,
    (instance) => ports.engines.riskStatus(instance, { deadlineMs: DEADLINE_MS }),
    ports,
  );
  const measured = await Promise.all(said.map((each) => measure(each, registration, ports)));
  return { statuses: said.map(statusOf), measured };
}

function statusOf({ instanceId, answeredAt, said }: Said<RiskStatus>): GoNoGoEvidence['statuses'][number] {
  const seen = { instanceId, at: answeredAt.toISOString() };
  return said instanceof Refusal
    ? { ...seen, status: null, said: said.message }
    : { ...seen, status: said, said: 'answered' };
}

async function measure(
  { instanceId, answeredAt, said }: Said<RiskStatus>,
  { id }: Registration,
  { records }: Pick<Ports, 'records'>,
): Promise<GoNoGoEvidence['measured'][number]> {
  const lease = await records.get('LEASE', leaseId(id, instanceId));
  const status = said instanceof Refusal ? undefined : said;
  return { instanceId, observedAt: answeredAt.toISOString(), signals: measureSignals(status, lease, answeredAt) };
}

/** An expected no is evidence here; a fault is thrown. */
async function attempted<Value>(work: () => Promise<Value>): Promise<Value | Refusal> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error;
  }
}
