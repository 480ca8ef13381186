import { announceKill } from '../../domain/kill/announce-kill.ts';
import { askForConfirmer } from '../../domain/kill/ask-for-confirmer.ts';
import { certifyKill } from '../../domain/kill/certify-kill.ts';
import { escalateUnconfirmedKill } from '../../domain/kill/escalate-unconfirmed-kill.ts';
import { freezeLaunches } from '../../domain/kill/freeze-launches.ts';
import { haltEngines } from '../../domain/kill/halt-engines.ts';
import { recordExposure } from '../../domain/kill/record-exposure.ts';
import { recordKill } from '../../domain/kill/record-kill.ts';
import { verifyVenues } from '../../domain/kill/verify-venues.ts';
import { armAndEnable } from '../../domain/launch/arm-and-enable.ts';
import { askForFlip } from '../../domain/launch/ask-for-flip.ts';
import { askForTwoConfirmations } from '../../domain/launch/ask-for-two-confirmations.ts';
import { changeApprovalGate } from '../../domain/launch/change-approval-gate.ts';
import { ciHealthGate } from '../../domain/launch/ci-health-gate.ts';
import { clearProbeOrders } from '../../domain/launch/clear-probe-orders.ts';
import { confirmLive } from '../../domain/launch/confirm-live.ts';
import { decideGoNoGo } from '../../domain/launch/decide-go-no-go.ts';
import { deployArtifact } from '../../domain/launch/deploy-artifact.ts';
import { disarmAndDisable } from '../../domain/launch/disarm-and-disable.ts';
import { freezesGate } from '../../domain/launch/freezes-gate.ts';
import { lockDeployment } from '../../domain/launch/lock-deployment.ts';
import { marketReadinessGate } from '../../domain/launch/market-readiness-gate.ts';
import { openRun } from '../../domain/launch/open-run.ts';
import { probeKillPath } from '../../domain/launch/probe-kill-path.ts';
import { publishStrategyChange } from '../../domain/launch/publish-strategy-change.ts';
import { releaseDeployment } from '../../domain/launch/release-deployment.ts';
import { requirePreconditions } from '../../domain/launch/require-preconditions.ts';
import { riskEnvelopeGate } from '../../domain/launch/risk-envelope-gate.ts';
import { runSmokeValidation } from '../../domain/launch/run-smoke-validation.ts';
import { validateParameters } from '../../domain/launch/validate-parameters.ts';
import { askForTwoSignatures } from '../../domain/recover/ask-for-two-signatures.ts';
import { checkPostMortem } from '../../domain/recover/check-post-mortem.ts';
import { checkSafety } from '../../domain/recover/check-safety.ts';
import { closeRecovery } from '../../domain/recover/close-recovery.ts';
import { liftLatch } from '../../domain/recover/lift-latch.ts';
import { openRecovery } from '../../domain/recover/open-recovery.ts';
import { armAgain } from '../../domain/resume/arm-again.ts';
import { askToResume } from '../../domain/resume/ask-to-resume.ts';
import { checkPreconditions } from '../../domain/resume/check-preconditions.ts';
import { decideResumption } from '../../domain/resume/decide-resumption.ts';
import { openResumption } from '../../domain/resume/open-resumption.ts';
import { reconcile } from '../../domain/resume/reconcile.ts';
import { askForDrainSignOff } from '../../domain/stop/ask-for-drain-sign-off.ts';
import { cancelRemainingOrders } from '../../domain/stop/cancel-remaining-orders.ts';
import { closeOrderEntry } from '../../domain/stop/close-order-entry.ts';
import { confirmNothingRests } from '../../domain/stop/confirm-nothing-rests.ts';
import { countOpenOrders } from '../../domain/stop/count-open-orders.ts';
import { disableLive } from '../../domain/stop/disable-live.ts';
import { escalateDrain } from '../../domain/stop/escalate-drain.ts';
import { leaveSignedOrders } from '../../domain/stop/leave-signed-orders.ts';
import { openStop } from '../../domain/stop/open-stop.ts';
import { recordStop } from '../../domain/stop/record-stop.ts';
import { reduceOnly } from '../../domain/stop/reduce-only.ts';
import { settleStrategy } from '../../domain/stop/settle-strategy.ts';
import type { RacePorts } from './scheduled-ports.ts';

/** Every step of the machines by the name its state gives it: the very functions that the Lambdas call. */
const STEPS = {
  ...{ HaltEngines: haltEngines, FreezeLaunches: freezeLaunches, RecordExposure: recordExposure },
  ...{ VerifyVenues: verifyVenues, AnnounceKill: announceKill, AskForConfirmer: askForConfirmer },
  ...{ EscalateUnconfirmedKill: escalateUnconfirmedKill, RecordKill: recordKill, CertifyKill: certifyKill },
  ...{ OpenRun: openRun, CheckChangeApproval: changeApprovalGate, CheckCiHealth: ciHealthGate },
  ...{ CheckRiskEnvelope: riskEnvelopeGate },
  ...{
    CheckMarketReadiness: marketReadinessGate,
    CheckFreezes: freezesGate,
    RequirePreconditions: requirePreconditions,
    LockDeployment: lockDeployment,
  },
  ...{ DeployArtifact: deployArtifact, ValidateParameters: validateParameters },
  ...{ AskForTwoConfirmations: askForTwoConfirmations, PublishStrategyChange: publishStrategyChange },
  ...{
    RunSmokeValidation: runSmokeValidation,
    ProbeKillPath: probeKillPath,
    DecideGoNoGo: decideGoNoGo,
    AskForFlip: askForFlip,
  },
  ...{
    ArmAndEnable: armAndEnable,
    ConfirmLive: confirmLive,
    ClearProbeOrders: clearProbeOrders,
    DisarmAndDisable: disarmAndDisable,
  },
  ...{ ReleaseDeployment: releaseDeployment, OpenStop: openStop, DisableLive: disableLive, ReduceOnly: reduceOnly },
  ...{ CountOpenOrders: countOpenOrders, CancelRemainingOrders: cancelRemainingOrders },
  ...{ EscalateDrain: escalateDrain, CloseOrderEntry: closeOrderEntry, ConfirmNothingRests: confirmNothingRests },
  ...{ AskForDrainSignOff: askForDrainSignOff, LeaveSignedOrders: leaveSignedOrders },
  ...{ OpenRecovery: openRecovery, CheckPostMortem: checkPostMortem, AskForTwoSignatures: askForTwoSignatures },
  ...{ CheckSafety: checkSafety, LiftLatch: liftLatch, CloseRecovery: closeRecovery },
  ...{ OpenResumption: openResumption, CheckPreconditions: checkPreconditions, Reconcile: reconcile },
  ...{ AskToResume: askToResume, DecideResumption: decideResumption, ArmAgain: armAgain },
  ...{ SettleStrategy: settleStrategy, RecordStop: recordStop },
};

/** Runs the step that a state names. Throws a TypeError for one that is not known here. */
export async function runNamedStep(name: string, input: Record<string, unknown>, ports: RacePorts): Promise<unknown> {
  const step = new Map(Object.entries(STEPS)).get(name) as Step | undefined; // each takes what its state gives it
  if (!step) throw new TypeError(`machine-steps.ts knows no ${name}`);
  return step(input, ports);
}

type Step = (input: Record<string, unknown>, ports: RacePorts) => Promise<unknown>;
