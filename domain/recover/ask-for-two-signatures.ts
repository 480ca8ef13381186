import type { Approval } from '../approval/approval.ts';
import { approvalId, openApproval } from '../approval/open-approval.ts';
import { readRegistration } from '../change.ts';
import type { Run } from '../control-record.ts';
import type { Decision } from '../decision.ts';
import { readDrill } from '../drill/read-drill.ts';
import { ActorId } from '../ids.ts';
import { nonceOf } from '../launch/launch-plan.ts';
import type { Ports } from '../ports/ports.ts';
import { filedOf, signedPostMortem } from '../post-mortem/sign-off.ts';
import { Refusal } from '../refusal.ts';
import type { Registration } from '../registration.ts';
import { readRun } from '../run-evidence.ts';
import type { StepResult } from '../run-step.ts';
import type { Latch, Strategy } from '../strategy.ts';
import type { WaitingStep } from '../waiting-step.ts';
import { killersOf } from './killers-of.ts';
import { type OpenPosition, openPositions, positionsText } from './open-positions.ts';
import { RecoveryRequest } from './request-recovery.ts';
import { recoveryStep } from './require-recovery.ts';

type Asking = { run: Run; registration: Registration; held: readonly OpenPosition[]; acceptReason: string | undefined };

/**
 * Product decision 10: an execution trader and a risk officer, two people who neither killed nor repeated the kill, sign what is
 * recovered, upon which post-mortem, and what stays open. Refuses open positions that nobody asked to accept, before anybody is
 * asked. A state that is tried again waits on another token: question and signatures stay, and the answer goes to the new token.
 */
export async function askForTwoSignatures(command: WaitingStep, ports: Ports): Promise<StepResult> {
  const id = approvalId(command, 'recovery');
  const asking = await whatToAsk(command, ports);
  const result = await recoveryStep(
    command,
    `AskForTwoSignatures/${command.taskToken.slice(-16)}`,
    async (state, latch) => {
      const stands = await ports.records.get('APPROVAL', id);
      return stands ? askAgain(state, stands, command) : ask(state, latch, { ...asking, command }, ports);
    },
    ports,
  );
  const now = await ports.records.get('APPROVAL', id);
  if (now?.status === 'complete')
    await ports.executions.succeed(command.taskToken, { approval: id, digest: now.digest });
  return result;
}

async function whatToAsk(command: WaitingStep, ports: Ports): Promise<Asking> {
  const [registration, run] = await Promise.all([readRegistration(command.strategyId, ports), readRun(command, ports)]);
  const { acceptExposure } = RecoveryRequest.pick({ acceptExposure: true }).strip().parse(run.request);
  const held = await heldAtVenues(registration, ports);
  if (held.length > 0 && !acceptExposure) throw notAccepted(held);
  return { registration, run, held, acceptReason: acceptExposure?.reason };
}

async function ask(
  state: Strategy,
  latch: Latch,
  { command, registration, run, held, acceptReason }: Asking & { command: WaitingStep },
  ports: Ports,
): Promise<Decision<StepResult> | Refusal> {
  const postMortem = signedPostMortem(await filedOf(latch.runId, ports), latch.runId);
  if (postMortem instanceof Refusal) return postMortem;
  const { file, digest } = postMortem;
  const drill = await readDrill(latch.runId, ports);
  const now = ports.now();
  const document = {
    ...{ action: 'recover', strategy: state.id, run: run.id, environment: registration.environment },
    ...{ recovers: latch.runId, reason: latch.reason, killedBy: latch.initiatedBy },
    certificate: latch.certificate ?? null,
    ...(drill && { drill: drill.verdict ?? 'not scored' }),
    postMortem: { file, digest },
    acceptedExposure: held,
    ...(acceptReason !== undefined && { acceptReason }),
    ...{ epoch: command.epoch, nonce: nonceOf(command, 'recover') },
    expiresAt: new Date(now.getTime() + registration.policy.confirmationMinutes * 60_000).toISOString(),
  };
  const question = {
    kind: 'recovery' as const,
    document,
    requiredRoles: ['execution-trader' as const, 'risk-officer' as const],
    excluded: await killersOf(state, latch, ports),
    taskToken: command.taskToken,
  };
  return openApproval(state, command, question, now);
}

function askAgain(
  state: Strategy,
  stands: Approval,
  { runId, taskToken }: WaitingStep,
): Decision<StepResult> | Refusal {
  if (stands.status === 'complete')
    return { state, entries: [], reply: { summary: 'both have signed already', verdict: 'done' } };
  if (stands.status !== 'open')
    return new Refusal('ApprovalClosed', `this question is already ${stands.status}`, 'recover it anew');
  return {
    state,
    entries: [
      {
        type: 'approval.requested-again',
        actor: ActorId.parse('service:machine'),
        run: runId,
        payload: { approval: stands.id, digest: stands.digest },
      },
    ],
    records: [{ kind: 'APPROVAL', record: { ...stands, taskToken } }],
    reply: { summary: `still asking for ${stands.digest}`, verdict: 'done' },
  };
}

/** Throws VenueUnreachable where one does not say what is held: nobody signs for what is not known. */
async function heldAtVenues({ id, venues }: Registration, ports: Ports): Promise<OpenPosition[]> {
  const told = await openPositions(venues, id, ports);
  const silent = told.find(({ unreachable }) => unreachable !== undefined);
  if (!silent) return told.flatMap(({ open }) => open);
  throw new Refusal('VenueUnreachable', String(silent.unreachable), 'recover it when the venue answers again');
}

const notAccepted = (held: readonly OpenPosition[]): Refusal =>
  new Refusal(
    'ExposureNotAccepted',
    `positions are open: ${positionsText(held)}`,
    'close them, or recover with --accept-exposure and say why they may stay',
    { held },
  );
