import type { Context, Hono } from 'hono';
import { readApproval } from '../domain/approval/read-approval.ts';
import { changedOf } from '../domain/plan/bound-plan.ts';
import { Refusal } from '../domain/refusal.ts';
import type { SigningSession } from '../domain/signature/signing-session.ts';
import { useSession } from '../domain/signature/use-session.ts';
import { answerQuestion } from './answer-question.ts';
import { fault, noteRefusal } from './control-api.ts';
import { enrolled, enrolment, ownPasskeys } from './credential-routes.ts';
import { problem } from './problem.ts';
import { readBody } from './read-body.ts';
import { PageCredentialRequest, SignatureRequest } from './schemas.ts';
import type { SignPorts } from './sign-ports.ts';
import { approvalView } from './views/approval-view.ts';
import { signingOptions } from './views/signing-options.ts';

/** Where a page puts the secret of its session; an address would end up in logs. */
const SECRET_HEADER = 'signing-secret';

type Act = (context: Context, session: SigningSession) => Promise<Response>;

/** What a signing page asks for. In place of a login it has the secret of a session, which does one thing for one person, once. */
export function addSessionRoutes(app: Hono, ports: SignPorts): void {
  const on = (method: 'GET' | 'POST', path: string, kind: SigningSession['kind'] | undefined, act: Act) =>
    app.on(method, path, (context) => withSession(context, ports, kind, act));

  on('GET', '/v1/signing-sessions/:id', undefined, async (context, session) =>
    context.json(await shown(session, ports), 200),
  );
  on('POST', '/v1/signing-sessions/:id/signature', 'sign', async (context, { id: session, caller, approval }) => {
    if (approval === undefined) throw new TypeError(`the session ${session} signs nothing`);
    const request = await readBody(context.req.raw, SignatureRequest);
    return answerQuestion(context, caller, { id: approval, key: `session/${session}`, request, session }, ports);
  });
  on('POST', '/v1/signing-sessions/:id/credential', 'enrol', async (context, session) => {
    const request = await readBody(context.req.raw, PageCredentialRequest);
    return enrolled(context, session, { key: `session/${session.id}`, request }, ports);
  });
}

/** Runs one request of a page: a refusal after its secret was right is one of somebody known, and counted. */
async function withSession(
  context: Context,
  ports: SignPorts,
  kind: SigningSession['kind'] | undefined,
  act: Act,
): Promise<Response> {
  const { method, path } = context.req;
  let session: SigningSession | undefined;
  try {
    const secret = context.req.header(SECRET_HEADER) ?? '';
    session = await useSession(context.req.param('id') ?? '', secret, ports);
    if (kind !== undefined && session.kind !== kind)
      throw new Refusal('SigningSessionInvalid', `this session is there to ${session.kind}`, 'open another one');
    return await act(context, session);
  } catch (error) {
    if (!(error instanceof Refusal)) return fault(error, ports);
    ports.log({ outcome: 'refused', code: error.code, method });
    if (session && method !== 'GET') await noteRefusal(session.caller, { method, path }, error, ports);
    return problem(error);
  }
}

async function shown(session: SigningSession, ports: SignPorts): Promise<object> {
  const { id, kind, caller, approval, expiresAt } = session;
  if (approval === undefined) return { kind, ...(await enrolment(session, ports)) };
  const asked = await readApproval(approval, ports);
  const { relyingParty } = ports.webauthn;
  const options = signingOptions(asked.digest, relyingParty, await ownPasskeys(caller, ports));
  return {
    kind,
    session: id,
    subject: caller.subject,
    roles: caller.roles,
    origin: relyingParty.origin,
    expiresAt,
    approval: approvalView(
      asked,
      ports.now(),
      await changedOf(asked, { records: ports.records, planNow: (id) => ports.plans.now(id) }),
    ),
    options,
  };
}
