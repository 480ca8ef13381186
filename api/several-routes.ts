import type { Context, Hono } from 'hono';
import { type Answered, approveSeveral } from '../domain/approval/approve-several.ts';
import type { Caller } from '../domain/approval/caller.ts';
import { notTogether } from '../domain/approval/decide-approval.ts';
import { readApproval } from '../domain/approval/read-approval.ts';
import { Refusal } from '../domain/refusal.ts';
import { openBatch } from '../domain/signature/open-batch.ts';
import { batchDigest } from '../domain/signature/signing-batch.ts';
import { askForCheckpoint } from './ask-for-checkpoint.ts';
import { commandKey, handle, noteRefusal, type Permission, READING } from './control-api.ts';
import { ownPasskeys } from './credential-routes.ts';
import { readBody } from './read-body.ts';
import { SeveralOptionsRequest, SeveralSignaturesRequest } from './schemas.ts';
import type { SignPorts } from './sign-ports.ts';
import { signingOptions } from './views/signing-options.ts';

/** Several launches that a person is shown together and approves with one signature (runbook 2.3). */
export function addSeveralRoutes(app: Hono, signing: Permission, ports: SignPorts): void {
  app.post('/v1/approvals/signing-options', (context) =>
    handle(context, ports, READING, (caller) => optionsForSeveral(context, caller, ports)),
  );
  app.post('/v1/approvals/signatures', (context) =>
    handle(context, ports, signing, (caller) => answerSeveral(context, caller, ports)),
  );
}

/** What an authenticator is asked to sign several documents with. It is good for five minutes, and kept nowhere: what is signed says it all. */
async function optionsForSeveral(context: Context, caller: Caller, ports: SignPorts): Promise<Response> {
  const { approvals } = await readBody(context.req.raw, SeveralOptionsRequest);
  const asked = await Promise.all(approvals.map((id) => readApproval(id, ports)));
  const another = asked.find(({ kind }) => kind !== 'launch-confirmation');
  if (another) throw notTogether(another);
  const batch = openBatch(asked, ports.now());
  const digest = batchDigest(batch);
  const { relyingParty } = ports.webauthn;
  const options = signingOptions(digest, relyingParty, await ownPasskeys(caller, ports));
  return context.json({ ...batch, digest, origin: relyingParty.origin, options }, 200);
}

async function answerSeveral(context: Context, caller: Caller, ports: SignPorts): Promise<Response> {
  const key = commandKey(context.req.raw, caller);
  const { assertion, reason, ...batch } = await readBody(context.req.raw, SeveralSignaturesRequest);
  const answered = await approveSeveral({ caller, batch, assertion, reason }, key, ports);
  const { method, path } = context.req;
  for (const { approval, outcome } of answered)
    if (outcome instanceof Refusal) {
      ports.log({ outcome: 'refused', code: outcome.code, method, path, approval });
      await noteRefusal(caller, { method, path }, outcome, ports);
    } else await askForCheckpoint(outcome.reply.strategyId, ports);
  const signed = answered.filter(({ outcome }) => !(outcome instanceof Refusal)).length;
  return context.json({ items: answered.map(itemOf), summary: `signed ${signed} of ${answered.length}` }, 200);
}

/** What became of one of them: how its question stands now, or why it was refused. */
function itemOf({ approval, outcome }: Answered): object {
  if (outcome instanceof Refusal) {
    const { code, message, next, facts } = outcome;
    return { approval, refusal: { code, detail: message, next, facts } };
  }
  const { reply, receipt } = outcome;
  return { approval, digest: reply.digest, status: reply.status, receipt };
}
