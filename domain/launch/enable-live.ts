import type { ApprovalKind } from '../approval/approval.ts';
import { approvalId } from '../approval/open-approval.ts';
import { verifyApproval } from '../approval/verify-approval.ts';
import { readRegistration, readStrategy } from '../change.ts';
import { enginesOf } from '../engine-instances.ts';
import { coveringLatches, refuseCovered } from '../kill/covering-latches.ts';
import { requireLock } from '../lock/require-lock.ts';
import { type ModeEvent, transition } from '../mode.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { readRun } from '../run-evidence.ts';
import { type RunStep, requireRun, runStep, type StepResult } from '../run-step.ts';
import { refusalOf } from './finding.ts';
import { freezesGate } from './freezes-gate.ts';
import { marketReadinessGate } from './market-readiness-gate.ts';
import { type ApprovedChange, readApprovedChange } from './read-approved-change.ts';

const DEADLINE_MS = 5_000;

/** What enabling takes: it starts no machine and asks no venue. */
export type EnablePorts = Omit<Ports, 'executions' | 'venues' | 'refusals' | 'spool' | 'issuerKeys' | 'ledger' | 'bus'>;

/**
 * What lets a strategy trade: the questions that people must have signed, what shows that the world still is as they were shown it
 * (throws otherwise), how the mode changes, and how the ledger calls it.
 */
export type Enabling = {
  readonly signed: readonly ApprovalKind[];
  readonly stands: (command: RunStep, ports: EnablePorts) => Promise<unknown>;
  readonly event: Extract<ModeEvent, 'enable' | 'resume'>;
  readonly entry: 'launch.enabled' | 'resume.enabled';
};

/**
 * Runbook 2.5, the one place that enables: arms every engine instance at this epoch and flips `live.enabled`. Everything that allows
 * it is looked at right before, and once more between the flag's locks and its write, so that a kill always wins. Throws
 * the first refusal, and FlagConflict when anybody else writes the flag; what happened by then is undone by 'Disarm and disable'.
 */
export async function enableLive(command: RunStep, enabling: Enabling, ports: EnablePorts): Promise<StepResult> {
  await requireAllowed(command, enabling, ports);
  const [registration, approved, run] = await Promise.all([
    readRegistration(command.strategyId, ports),
    readApprovedChange(command.strategyId, ports),
    readRun(command, ports),
  ]);
  const maxOrdersPerSec = Math.min(registration.policy.maxOrdersPerSec, approved.limits.maxOrdersPerSec);
  await armAll(command, approved, maxOrdersPerSec, ports);
  const flag = await ports.flags.enable(registration.flag, () => requireAllowed(command, enabling, ports));
  return runStep(
    command,
    'ArmAndEnable',
    (state) => {
      const mode = transition(state.mode, enabling.event);
      if (mode instanceof Refusal) return mode;
      const { safeMode: _over, ...before } = state;
      return {
        state: { ...before, mode, maxOrdersPerSec, flagVersion: flag.version },
        entries: [
          {
            type: enabling.entry,
            actor: run.requestedBy,
            run: run.id,
            ticket: approved.ticket,
            payload: { flag, maxOrdersPerSec, epoch: command.epoch },
          },
        ],
        reply: {
          summary: `armed ${registration.engines.length} instances, live.enabled = true (version ${flag.version})`,
          verdict: 'done',
        },
      };
    },
    ports,
  );
}

/**
 * What people signed stands and carries this run at this moment, the run holds its lock, nothing has fenced it, the markets are open,
 * and no freeze and no kill of a scope has come meanwhile. State and latches are read last. Throws otherwise.
 */
async function requireAllowed(command: RunStep, { signed, stands }: Enabling, ports: EnablePorts): Promise<void> {
  await stands(command, ports);
  const gates = await Promise.all([freezesGate(command, ports), marketReadinessGate(command, ports)]);
  const state = await readStrategy(command.strategyId, ports);
  const approvals = await Promise.all(signed.map((kind) => ports.records.get('APPROVAL', approvalId(command, kind))));
  const now = ports.now();
  const latches = await coveringLatches(await readRegistration(command.strategyId, ports), ports);
  const judged = [
    requireRun(state, command, now) ?? requireLock(state, command.runId, now),
    refuseCovered(command.strategyId, latches),
    ...approvals.map((approval) => verifyApproval(approval, state, now, ports.demoAuthenticators)),
    refusalOf(gates),
  ];
  const refusal = judged.find((each) => each instanceof Refusal);
  if (refusal) throw refusal;
}

async function armAll(
  { strategyId, epoch, runId }: RunStep,
  { artifactDigest, limitsDigest }: ApprovedChange,
  maxOrdersPerSec: number,
  ports: Pick<EnablePorts, 'records' | 'engines'>,
): Promise<void> {
  const registration = await readRegistration(strategyId, ports);
  const order = { strategyId, epoch, commandId: `${runId}/arm`, runId, artifactDigest, limitsDigest, maxOrdersPerSec };
  await Promise.all(
    enginesOf(registration).map((instance) => ports.engines.arm(instance, order, { deadlineMs: DEADLINE_MS })),
  );
}
