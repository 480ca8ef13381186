import assert from 'node:assert/strict';
import type { ApprovalKind } from '../../../domain/approval/approval.ts';
import type { Caller } from '../../../domain/approval/caller.ts';
import { decideApproval } from '../../../domain/approval/decide-approval.ts';
import { approvalId } from '../../../domain/approval/open-approval.ts';
import { change } from '../../../domain/change.ts';
import type { RunId } from '../../../domain/ids.ts';
import { askForConfirmer } from '../../../domain/kill/ask-for-confirmer.ts';
import { certifyKill } from '../../../domain/kill/certify-kill.ts';
import { coveringLatches } from '../../../domain/kill/covering-latches.ts';
import { executeKill } from '../../../domain/kill/execute-kill.ts';
import { freezeLaunches } from '../../../domain/kill/freeze-launches.ts';
import { haltEngines } from '../../../domain/kill/halt-engines.ts';
import { recordKill } from '../../../domain/kill/record-kill.ts';
import { verifyVenues } from '../../../domain/kill/verify-venues.ts';
import { checkpointLog } from '../../../domain/ledger/checkpoint-log.ts';
import { draftPostMortem } from '../../../domain/post-mortem/draft-post-mortem.ts';
import { filedOf } from '../../../domain/post-mortem/sign-off.ts';
import { submitPostMortem } from '../../../domain/post-mortem/submit-post-mortem.ts';
import { type RecoveryRequest, requestRecovery } from '../../../domain/recover/request-recovery.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { runName } from '../../../domain/run-name.ts';
import type { RunStep } from '../../../domain/run-step.ts';
import { disableLive } from '../../../domain/stop/disable-live.ts';
import { checkpointWorld, logId } from '../../fakes/fake-checkpoints.ts';
import { killPorts } from '../../fakes/kill-ports.ts';
import { signedAnswer } from '../../fakes/passkeys.ts';
import { person, REGISTRATION, risk, STRATEGY, stateOf, trader, world } from '../../fakes/world.ts';

export const trader2 = person('trader2', 'execution-trader');
export const sre = person('sre', 'sre');
export const quant = person('quant', 'quant');

/** A strategy of which nothing is held, with its log signed as the checkpoint function does it, and the ports of a recovery. */
export function recoverWorld() {
  const made = world();
  const { checkpoints, keys, ledgerName, archive } = checkpointWorld(made.store, made.ports.now).ports;
  const checkpoint = () =>
    checkpointLog(logId(STRATEGY), {
      ...made.ports,
      ...{ checkpoints, keys, ledgerName, archive, alarm: () => assert.fail('the ledger was tampered with') },
    });
  made.venues.positions = async () => [];
  const recoverPorts = { ...made.ports, checkpoints, keys, ledgerName, incidents: made.evidence };
  return { ...made, checkpoints, keys, checkpoint, recoverPorts };
}
export type RecoverWorld = ReturnType<typeof recoverWorld>;

/** Kills as that person, under a command of its own. */
export async function killedBy(made: RecoverWorld, caller: Caller, commandId = 'key-1'): Promise<RunStep> {
  const kill = { caller, strategyId: STRATEGY, reason: 'loss', commandId };
  const { runId } = await executeKill(kill, killPorts(made));
  return { strategyId: STRATEGY, runId, epoch: stateOf(made).epoch };
}

export async function answer(made: RecoverWorld, run: Pick<RunStep, 'runId'>, kind: ApprovalKind, caller: Caller) {
  const approval = await made.store.get('APPROVAL', approvalId(run, kind));
  assert.ok(approval, `nobody asked for ${kind}`);
  const key = `${caller.subject}/${approval.digest}/${approval.id}`;
  return decideApproval(approval.id, signedAnswer(made, caller, approval), key, made.ports);
}

/** Killed by the trader, halted, empty, confirmed by the risk officer, and certified. */
export async function certifiedKill(): Promise<RecoverWorld & { kill: RunStep }> {
  const made = recoverWorld();
  const kill = await killedBy(made, trader);
  await haltEngines(kill, made.ports);
  await disableLive(kill, made.ports);
  await freezeLaunches(kill, made.ports);
  await verifyVenues(kill, made.ports);
  await askForConfirmer({ ...kill, taskToken: 'a-token' }, made.ports);
  for (const caller of [trader, risk]) await answer(made, kill, 'kill-confirmation', caller);
  await recordKill(kill, made.ports);
  await certifyKill(kill, made.ports);
  return { ...made, kill };
}

export const ACTION = { text: 'check quotes against a second source', owner: 'quant on call', due: '2026-12-31' };

/** A post-mortem in which everything is filled in. `actions` are rows of its table. */
export function postMortemText(made: RecoverWorld, actions: readonly string[] = [row('no')]): string {
  const { latch } = stateOf(made);
  const draft = draftPostMortem({
    run: String(latch?.runId),
    certificate: String(latch?.certificate),
    exposure: ['XSIM: nothing is held'],
    entries: [{ at: '2026-11-24T12:00:00.000Z', type: 'kill.requested', actor: 'sub-trader' }],
  });
  const filled = draft.replace(/^## (Impact|Root cause|What went well)$/gm, '## $1\n\nWhat there is to say of it.');
  return filled.replace('| --- | --- | --- | --- | --- |', ['| --- | --- | --- | --- | --- |', ...actions].join('\n'));
}

export const row = (blocking: 'yes' | 'no', evidence = '', text = ACTION.text): string =>
  `| ${text} | ${ACTION.owner} | ${ACTION.due} | ${blocking} | ${evidence} |`;

export const submit = (made: RecoverWorld & { kill: RunStep }, text: string, key = text) =>
  submitPostMortem(
    {
      runId: made.kill.runId,
      actor: sre.subject,
      key: `submit/${key}`,
      request: { text, serviceOwner: 'execution-trader' },
    },
    made.recoverPorts,
  );

/** The same, with a post-mortem that all three have signed. */
export async function signedOff(actions?: readonly string[]): Promise<RecoverWorld & { kill: RunStep }> {
  const made = await certifiedKill();
  await submit(made, postMortemText(made, actions));
  for (const caller of [sre, trader2, risk]) await answer(made, made.kill, 'post-mortem', caller);
  made.engines.status = { epoch: stateOf(made).epoch };
  return made;
}

/** Asks for a recovery as the API does. */
export async function requested(
  made: RecoverWorld,
  request: RecoveryRequest = {},
  key = 'recover-1',
): Promise<RunStep> {
  const { records, now } = made.ports;
  const runId = runName('recover', STRATEGY, key, now());
  const { reply } = await change(
    STRATEGY,
    { key, body: request },
    async (state) =>
      requestRecovery(state, {
        ...{ caller: trader2, runId, request, now: now() },
        latches: await coveringLatches(REGISTRATION, made.ports),
        under: state.latch?.recovery && (await records.get('RUN', state.latch.recovery)),
        filed: await filedOf(state.latch?.runId ?? runId, made.ports),
      }),
    made.ports,
  );
  return { strategyId: STRATEGY, runId: reply.runId, epoch: reply.epoch };
}

export const refusal = (code: string) => (error: unknown) => {
  assert.ok(error instanceof Refusal, String(error));
  assert.equal(error.code, code, error.message);
  return true;
};

export const recoveryIdOf = (made: RecoverWorld): RunId | undefined => stateOf(made).latch?.recovery;
