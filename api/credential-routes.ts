import type { Context, Hono } from 'hono';
import { Role } from '../domain/approval/approval.ts';
import type { Caller } from '../domain/approval/caller.ts';
import { changeLog } from '../domain/change-log.ts';
import { LogId } from '../domain/ledger/ledger-entry.ts';
import type { LogDecision } from '../domain/ports/strategies.ts';
import { Refusal } from '../domain/refusal.ts';
import { approvePasskey } from '../domain/signature/approve-passkey.ts';
import type { Credential, Passkey } from '../domain/signature/credential.ts';
import { enrolPasskey, requireNewKey } from '../domain/signature/enrol-passkey.ts';
import { openSession } from '../domain/signature/open-session.ts';
import { revokePasskey } from '../domain/signature/revoke-passkey.ts';
import type { SigningSession } from '../domain/signature/signing-session.ts';
import { requireSession, spendSession } from '../domain/signature/use-session.ts';
import { askForCheckpoint } from './ask-for-checkpoint.ts';
import { commandKey, handle, type Permission, READING } from './control-api.ts';
import { readBody } from './read-body.ts';
import { CredentialApproval, CredentialRequest } from './schemas.ts';
import type { SignPorts } from './sign-ports.ts';
import { credentialView } from './views/credential-view.ts';
import { enrolmentOptions } from './views/signing-options.ts';

const DESK = LogId.parse('desk');
const MOST_CREDENTIALS = 1_000;
const OWNING: Permission = { scope: 'control-plane/operate', roles: Role.options, action: 'changing authenticators' };

/** Whoever answers for others' authenticators sees them all; everybody else their own. */
const SEES_ALL: readonly Role[] = ['risk-officer', 'sre', 'auditor'];

/** Authenticators of people: enrolled by their owner, approved by somebody else or by another one of theirs, revoked. */
export function addCredentialRoutes(app: Hono, ports: SignPorts): void {
  const post = (path: string, act: (context: Context, caller: Caller) => Promise<Response>) =>
    app.post(path, (context) => handle(context, ports, OWNING, (caller) => act(context, caller)));

  app.get('/v1/credentials', (context) =>
    handle(context, ports, READING, async (caller) => {
      const mayBeSeen = caller.roles.some((role) => SEES_ALL.includes(role));
      const found = mayBeSeen ? await passkeys(ports) : await ownPasskeys(caller, ports);
      return context.json({ credentials: found.map(credentialView) }, 200);
    }),
  );
  post('/v1/credentials/options', async (context, caller) => {
    const { session } = await openSession({ caller }, ports);
    return context.json(await enrolment(session, ports), 200);
  });
  post('/v1/credentials', async (context, caller) => {
    const key = commandKey(context.req.raw, caller);
    const { session: id, ...request } = await readBody(context.req.raw, CredentialRequest);
    const session = await requireSession(id, caller, ports);
    return enrolled(context, session, { key, request }, ports);
  });
  post('/v1/credentials/:id/approval', async (context, caller) => {
    const key = commandKey(context.req.raw, caller);
    const { assertion } = await readBody(context.req.raw, CredentialApproval);
    return decided(context, { key, body: { approve: idIn(context) } }, ports, async () =>
      approvePasskey(await credential(context, ports), { caller, assertion, now: ports.now() }, ports),
    );
  });
  post('/v1/credentials/:id/revocation', (context, caller) =>
    decided(context, { key: commandKey(context.req.raw, caller), body: { revoke: idIn(context) } }, ports, async () =>
      revokePasskey(await credential(context, ports), { caller, now: ports.now() }),
    ),
  );
}

/** What a page or a program needs to enrol an authenticator within a session. */
export async function enrolment({ id, challenge = '', caller, expiresAt }: SigningSession, ports: SignPorts) {
  const { relyingParty } = ports.webauthn;
  const options = enrolmentOptions(challenge, caller.subject, relyingParty, await ownPasskeys(caller, ports));
  return { session: id, origin: relyingParty.origin, expiresAt, options };
}

type Enrolled = { readonly key: string; readonly request: Omit<CredentialRequest, 'session'> };

/** Enrols what was made within a session, and uses the session up. */
export async function enrolled(
  context: Context,
  session: SigningSession,
  { key, request }: Enrolled,
  ports: SignPorts,
) {
  const { caller, challenge = '' } = session;
  const { response, label } = request;
  return decided(context, { key, body: { enrol: response.id, label } }, ports, async () => {
    const spent = await spendSession(session.id, ports);
    const command = { caller, challenge, response, label };
    const made = await requireNewKey(command, ports.webauthn);
    if (made instanceof Refusal) return made;
    const decision = enrolPasskey(await ports.records.get('CREDENTIAL', made.id), made, command, ports.now());
    if (decision instanceof Refusal) return decision;
    return { ...decision, records: [...(decision.records ?? []), { kind: 'SESSION', record: spent }] };
  });
}

async function decided(
  context: Context,
  command: { readonly key: string; readonly body: unknown },
  ports: SignPorts,
  decide: () => Promise<LogDecision<Passkey> | Refusal>,
): Promise<Response> {
  const { reply, receipt } = await changeLog(DESK, command, decide, ports);
  await askForCheckpoint(DESK, ports);
  const summary = `${reply.id} is ${reply.status}`;
  return context.json({ credential: credentialView(reply), summary, receipt }, 200);
}

const idIn = (context: Context): string => context.req.param('id') ?? '';

const credential = (context: Context, { records }: SignPorts): Promise<Credential | undefined> =>
  records.get('CREDENTIAL', idIn(context));

async function passkeys({ records }: Pick<SignPorts, 'records'>): Promise<Passkey[]> {
  const all = await records.list('CREDENTIAL', { limit: MOST_CREDENTIALS });
  return all.filter((each) => each.type === 'webauthn');
}

/** The authenticators of a person. */
export const ownPasskeys = async ({ subject }: Caller, ports: Pick<SignPorts, 'records'>): Promise<Passkey[]> =>
  (await passkeys(ports)).filter((each) => each.subject === subject);
