import { type Caller, requireFreshSecondFactor } from '../approval/caller.ts';
import { hashOfSecret } from '../crypto/matches-hash.ts';
import type { ApprovalId } from '../ids.ts';
import type { ControlRecords } from '../ports/strategies.ts';
import { SESSION_MS, type SigningSession } from './signing-session.ts';

/** Where ids, secrets (256 bits, base64url) and times come from. */
export type SessionPorts = {
  readonly records: Pick<ControlRecords, 'get' | 'put'>;
  readonly now: () => Date;
  readonly randomId: () => string;
  readonly randomSecret: () => string;
};

export type OpenedSession = { readonly session: SigningSession; readonly secret: string };

/** Opens a session for a person, to sign the document of one approval, or to enrol an authenticator when none is named. Throws SecondFactorMissing and SecondFactorStale. */
export async function openSession(
  { caller, approval }: { readonly caller: Caller; readonly approval?: ApprovalId },
  { records, now, randomId, randomSecret }: SessionPorts,
): Promise<OpenedSession> {
  const at = now();
  const refusal = requireFreshSecondFactor(caller, at);
  if (refusal) throw refusal;
  const secret = randomSecret();
  const session: SigningSession = {
    id: randomId(),
    kind: approval === undefined ? 'enrol' : 'sign',
    secretHash: hashOfSecret(secret),
    caller,
    ...(approval === undefined ? { challenge: randomSecret() } : { approval }),
    status: 'open',
    openedAt: at.toISOString(),
    expiresAt: new Date(at.getTime() + SESSION_MS).toISOString(),
    version: 1,
  };
  await records.put({ kind: 'SESSION', record: session });
  return { session, secret };
}
