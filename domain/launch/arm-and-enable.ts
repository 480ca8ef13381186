import { approvalId } from '../approval/open-approval.ts';
import { verifyApproval } from '../approval/verify-approval.ts';
import { readRegistration, readStrategy } from '../change.ts';
import { enginesOf } from '../engine-instances.ts';
import { coveringLatches, refuseCovered } from '../kill/covering-latches.ts';
import { transition } from '../mode.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { readRun } from '../run-evidence.ts';
import { type RunStep, requireRun, runStep, type StepResult } from '../run-step.ts';
import { refusalOf } from './finding.ts';
import { freezesGate } from './freezes-gate.ts';
import { type ApprovedChange, readApprovedChange } from './read-approved-change.ts';

const DEADLINE_MS = 5_000;

/**
 * Runbook 2.5: arms every engine instance at this epoch and flips `live.enabled`. Signatures, expiry and epoch of both
 * approvals are verified once more first; the epoch is read again between the flag's locks and its write, so a kill always wins.
 */
export async function armAndEnable(command: RunStep, ports: Ports): Promise<StepResult> {
  await requireSigned(command, ports);
  const [registration, approved, run] = await Promise.all([
    readRegistration(command.strategyId, ports),
    readApprovedChange(command.strategyId, ports),
    readRun(command, ports),
  ]);
  const maxOrdersPerSec = Math.min(registration.policy.maxOrdersPerSec, approved.limits.maxOrdersPerSec);
  await armAll(command, approved, maxOrdersPerSec, ports);
  const flag = await ports.flags.enable(registration.flag, () => requireSigned(command, ports));
  return runStep(
    command,
    'ArmAndEnable',
    (state) => {
      const mode = transition(state.mode, 'enable');
      if (mode instanceof Refusal) return mode;
      return {
        state: { ...state, mode, maxOrdersPerSec, flagVersion: flag.version },
        entries: [
          {
            type: 'launch.enabled',
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

/** Both approvals carry this run at this moment, nothing has fenced it, and no freeze and no kill of a scope has come meanwhile. Throws otherwise. */
async function requireSigned(command: RunStep, ports: Ports): Promise<void> {
  const state = await readStrategy(command.strategyId, ports);
  const [confirmation, flip] = await Promise.all([
    ports.records.get('APPROVAL', approvalId(command, 'launch-confirmation')),
    ports.records.get('APPROVAL', approvalId(command, 'flag-flip')),
  ]);
  const now = ports.now();
  const latches = await coveringLatches(await readRegistration(command.strategyId, ports), ports);
  const judged = [
    requireRun(state, command),
    refuseCovered(command.strategyId, latches),
    verifyApproval(confirmation, state, now, ports.demoAuthenticators),
    verifyApproval(flip, state, now, ports.demoAuthenticators),
    refusalOf([await freezesGate(command, ports)]),
  ];
  const refusal = judged.find((each) => each instanceof Refusal);
  if (refusal) throw refusal;
}

async function armAll(
  { strategyId, epoch, runId }: RunStep,
  { artifactDigest, limitsDigest }: ApprovedChange,
  maxOrdersPerSec: number,
  ports: Ports,
): Promise<void> {
  const registration = await readRegistration(strategyId, ports);
  const order = { strategyId, epoch, commandId: `${runId}/arm`, runId, artifactDigest, limitsDigest, maxOrdersPerSec };
  await Promise.all(
    enginesOf(registration).map((instance) => ports.engines.arm(instance, order, { deadlineMs: DEADLINE_MS })),
  );
}
