import type { Context } from 'hono';
import type { Caller } from '../domain/approval/caller.ts';
import { decideApproval } from '../domain/approval/decide-approval.ts';
import type { ApprovalId } from '../domain/ids.ts';
import { askForCheckpoint } from './ask-for-checkpoint.ts';
import type { SignatureRequest } from './schemas.ts';
import type { SignPorts } from './sign-ports.ts';
import { approvalView } from './views/approval-view.ts';

/** An answer as it came: under which command key, and by which session where no token brought it. */
type Answer = {
  readonly id: ApprovalId;
  readonly key: string;
  readonly request: SignatureRequest;
  readonly session?: string;
};

/** Takes a person's answer to a question, by token or by session, and asks for a checkpoint. */
export async function answerQuestion(
  context: Context,
  caller: Caller,
  { id, key, request, session }: Answer,
  ports: SignPorts,
): Promise<Response> {
  const { reply, receipt } = await decideApproval(id, { caller, session, ...request }, key, ports);
  await askForCheckpoint(reply.strategyId, ports);
  const summary = `${request.decision === 'approve' ? 'signed' : 'declined'}: the question is ${reply.status}`;
  return context.json({ approval: approvalView(reply), summary, receipt }, 200);
}
