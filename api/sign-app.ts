import { type Context, Hono } from 'hono';
import { Role } from '../domain/approval/approval.ts';
import type { Caller } from '../domain/approval/caller.ts';
import { readApproval } from '../domain/approval/read-approval.ts';
import { ApprovalId } from '../domain/ids.ts';
import { Refusal } from '../domain/refusal.ts';
import { openSession } from '../domain/signature/open-session.ts';
import type { SigningSession } from '../domain/signature/signing-session.ts';
import { answerQuestion } from './answer-question.ts';
import { commandKey, handle, type Permission, READING } from './control-api.ts';
import { addCredentialRoutes, ownPasskeys } from './credential-routes.ts';
import { notFound, problem } from './problem.ts';
import { readBody } from './read-body.ts';
import { SignatureRequest } from './schemas.ts';
import { addSessionRoutes } from './session-routes.ts';
import { addSeveralRoutes } from './several-routes.ts';
import type { SignPorts } from './sign-ports.ts';
import { signingOptions } from './views/signing-options.ts';

const SIGNING: Permission = { scope: 'control-plane/operate', roles: Role.options, action: 'signing' };

/** Everything about signatures of people: answers to questions, the sessions of signing pages, and authenticators. */
export function signApp(ports: SignPorts): Hono {
  const app = new Hono();
  const on = (method: 'GET' | 'POST', path: string, act: (context: Context, caller: Caller) => Promise<Response>) =>
    app.on(method, path, (context) =>
      handle(context, ports, method === 'GET' ? READING : SIGNING, (caller) => act(context, caller)),
    );

  on('POST', '/v1/approvals/:id/signatures', async (context, caller) => {
    const key = commandKey(context.req.raw, caller);
    const request = await readBody(context.req.raw, SignatureRequest);
    return answerQuestion(context, caller, { id: approvalIn(context), key, request }, ports);
  });
  on('GET', '/v1/approvals/:id/signing-options', async (context, caller) => {
    const { id, digest } = await readApproval(approvalIn(context), ports);
    const { relyingParty } = ports.webauthn;
    const options = signingOptions(digest, relyingParty, await ownPasskeys(caller, ports));
    return context.json({ approval: id, digest, origin: relyingParty.origin, options }, 200);
  });
  on('POST', '/v1/approvals/:id/signing-sessions', async (context, caller) => {
    const { id } = await readApproval(approvalIn(context), ports);
    const { session, secret } = await openSession({ caller, approval: id }, ports);
    return context.json(addressOf(session, secret, ports), 200);
  });
  on('POST', '/v1/enrolment-sessions', async (context, caller) => {
    const { session, secret } = await openSession({ caller }, ports);
    return context.json(addressOf(session, secret, ports), 200);
  });
  addSeveralRoutes(app, SIGNING, ports);
  addCredentialRoutes(app, ports);
  addSessionRoutes(app, ports);
  app.notFound((context) => problem(notFound(context.req.path)));
  return app;
}

function approvalIn(context: Context): ApprovalId {
  const id = ApprovalId.safeParse(context.req.param('id'));
  if (id.success) return id.data;
  throw new Refusal('UnknownApproval', 'that is no approval id', 'look at the list of approvals');
}

/** The page's address. What stands behind the # is sent to no server, so it stands in no log. */
const addressOf = ({ id, expiresAt, caller }: SigningSession, secret: string, { webauthn }: SignPorts) => ({
  session: id,
  subject: caller.subject,
  url: `${webauthn.relyingParty.origin}/sign/${id}#${secret}`,
  expiresAt,
});
