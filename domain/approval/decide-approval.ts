import { type Changed, change } from '../change.ts';
import type { Decision } from '../decision.ts';
import type { ApprovalId } from '../ids.ts';
import { changedOf } from '../plan/bound-plan.ts';
import type { Plans } from '../ports/plans.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Assertion } from '../signature/assertion.ts';
import { type SigningPorts, signDocument } from '../signature/sign-document.ts';
import { batchDigest, type SigningBatch } from '../signature/signing-batch.ts';
import { spendSession } from '../signature/use-session.ts';
import type { Strategy } from '../strategy.ts';
import type { Approval } from './approval.ts';
import { beginAgain } from './begin-again.ts';
import { planChanged } from './plan-changed.ts';
import { readApproval } from './read-approval.ts';
import { nonceOf, type SignApproval, signApproval, slotToAnswer } from './sign-approval.ts';
import { voidApproval } from './void-approval.ts';

/** An answer as it comes: an approval with what the person's authenticator signed. */
export type DecideApproval = SignApproval & {
  assertion?: Assertion | undefined;
  /** The questions that they were shown together, this one among them, when the signature is over all of those. */
  batch?: SigningBatch | undefined;
  /** The signing session that the answer came by, used up in the same write. */
  session?: string | undefined;
};

export type DecidingPorts = Pick<Ports, 'strategies' | 'records' | 'executions' | 'now' | 'jitter'> &
  SigningPorts & { readonly plans: Pick<Plans, 'now'> };

/**
 * Takes one person's answer to a question and, when that settles it, lets the waiting machine go on. The machine is told
 * after the commit and again on a repeat, so an answer is never lost between the two. A yes to a plan that is not the plan any more voids the
 * question instead, and throws PlanChanged.
 */
export async function decideApproval(
  id: ApprovalId,
  command: DecideApproval,
  commandKey: string,
  ports: DecidingPorts,
): Promise<Changed<Approval>> {
  const { strategyId } = await readApproval(id, ports);
  const { batch } = command;
  const body = {
    ...{ id, decision: command.decision, digest: command.digest, reason: command.reason ?? null },
    ...(batch && { batch: batchDigest(batch) }),
  };
  const changed = await change(
    strategyId,
    { key: commandKey, body },
    async (state) => answer(state, await readApproval(id, ports), command, ports),
    ports,
  );
  await tellMachine(changed.reply, ports);
  if (changed.reply.status === 'void') throw planChanged(changed.reply);
  return changed;
}

/** Whether they may answer comes first, then the signature: so a person without the role is told that, whatever they sign with. */
async function answer(
  state: Strategy,
  approval: Approval,
  { assertion, session, batch, ...command }: DecideApproval,
  ports: DecidingPorts,
): Promise<Decision<Approval> | Refusal> {
  const now = ports.now();
  const slot = slotToAnswer(state, approval, command, now);
  if (slot instanceof Refusal) return slot;
  if (batch && approval.kind !== TOGETHER) return notTogether(approval);
  const alongside =
    session === undefined ? [] : [{ kind: 'SESSION' as const, record: await spendSession(session, ports) }];
  if (command.decision === 'decline') return signApproval(state, approval, { ...command, alongside }, now);
  const different = await changedOf(approval, { records: ports.records, planNow: (id) => ports.plans.now(id) });
  if (different.length > 0) return voidApproval(state, approval, different, now);
  const within = batch && { batch, approval: approval.id, now };
  const document = { digest: approval.digest, nonce: nonceOf(approval.document), within };
  const signed = await signDocument({ caller: command.caller, document, assertion }, ports);
  return signed instanceof Refusal ? signed : signApproval(state, approval, { ...command, signed, alongside }, now);
}

/** What people may sign several of with one signature: the plans of launches. Everything else is signed by itself. */
const TOGETHER: Approval['kind'] = 'launch-confirmation';

/** Why this question is signed by itself. */
export const notTogether = ({ id }: Pick<Approval, 'id'>): Refusal =>
  new Refusal(
    'InvalidRequest',
    `only launches are signed together, and ${id} asks for something else`,
    'sign it alone',
  );

async function tellMachine(approval: Approval, { executions }: Pick<Ports, 'executions'>): Promise<void> {
  const { taskToken } = approval;
  if (taskToken === undefined) return;
  if (approval.status === 'complete')
    await executions.succeed(taskToken, { approval: approval.id, digest: approval.digest });
  if (approval.status === 'void') await executions.fail(taskToken, planChanged(approval));
  if (approval.status === 'declined') {
    const declined = approval.signatures.find(({ decision }) => decision === 'decline');
    await executions.fail(
      taskToken,
      new Refusal(
        'ApprovalDeclined',
        `declined by ${declined?.role}: ${declined?.reason ?? 'no reason given'}`,
        `talk to them, then ${beginAgain(approval.kind)}`,
      ),
    );
  }
}
