import { approvalId } from '../approval/open-approval.ts';
import { readRegistration } from '../change.ts';
import { enginesOf } from '../engine-instances.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { readRun, writeRunEvidence } from '../run-evidence.ts';
import { type RunStep, runStep, type StepResult } from '../run-step.ts';
import { checkGoNoGo } from './check-go-no-go.ts';
import { gateResult, refusalOf } from './finding.ts';
import { readApprovedChange } from './read-approved-change.ts';

const DEADLINE_MS = 5_000;

/** Runbook 2, Go/No-Go: judged on what the engines say now and on what was recorded in this run. Archived as `go-no-go.json`. */
export async function decideGoNoGo(command: RunStep, ports: Ports): Promise<StepResult & { goNoGoDigest: string }> {
  const gate = await judge(command, ports);
  const run = await readRun(command, ports);
  const archived = await writeRunEvidence(run, 'go-no-go.json', { run: run.id, gate }, ports);
  const refusal = refusalOf([gate]);
  if (refusal) throw refusal;
  return runStep(
    command,
    'DecideGoNoGo',
    (state) => ({
      state,
      entries: [
        { type: 'go-no-go.decided', actor: run.requestedBy, run: run.id, payload: { verdict: 'go', report: archived } },
      ],
      reply: { summary: gate.summary, verdict: 'go', goNoGoDigest: archived.hash },
    }),
    ports,
  );
}

async function judge(command: RunStep, ports: Ports) {
  const [registration, approved, approval, event] = await Promise.all([
    readRegistration(command.strategyId, ports),
    readApprovedChange(command.strategyId, ports),
    ports.records.get('APPROVAL', approvalId(command, 'launch-confirmation')),
    ports.records.get('COMMAND', `${command.runId}/PublishStrategyChange`),
  ]);
  if (!approval) throw new Refusal('UnknownApproval', 'nobody confirmed this run', 'launch again');
  const instances = enginesOf(registration);
  const statuses = await Promise.all(
    instances.map((instance) => ports.engines.riskStatus(instance, { deadlineMs: DEADLINE_MS })),
  );
  const evidence = {
    instances: instances.map(({ instanceId }) => instanceId),
    statuses,
    approved,
    changeEventDigest: event ? approval.digest : undefined,
    planDigest: approval.digest,
    now: ports.now(),
  };
  return gateResult('go/no-go', checkGoNoGo(evidence));
}
