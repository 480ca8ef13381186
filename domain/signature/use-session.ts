import type { Caller } from '../approval/caller.ts';
import { matchesHash } from '../crypto/matches-hash.ts';
import type { ControlRecords } from '../ports/strategies.ts';
import { Refusal } from '../refusal.ts';
import type { SigningSession } from './signing-session.ts';

/** The session of this id and secret. Throws SigningSessionInvalid, which does not say whether there is one, for a wrong secret; and for one that is used or over. */
export async function useSession(
  id: string,
  secret: string,
  { records, now }: { readonly records: Pick<ControlRecords, 'get'>; readonly now: () => Date },
): Promise<SigningSession> {
  const session = await records.get('SESSION', id);
  if (!session || !matchesHash(secret, session.secretHash)) throw invalid('there is no such signing session');
  return requireOpen(session, now());
}

/** The session of this id that this very person opened with their token. Throws SigningSessionInvalid otherwise. */
export async function requireSession(
  id: string,
  { subject }: Pick<Caller, 'subject'>,
  { records, now }: { readonly records: Pick<ControlRecords, 'get'>; readonly now: () => Date },
): Promise<SigningSession> {
  const session = await records.get('SESSION', id);
  if (session?.kind !== 'enrol' || session.caller.subject !== subject) throw invalid('you have opened no such session');
  return requireOpen(session, now());
}

/** The session as it is written with what it was used for: never again. Read anew, since somebody else may have used it meanwhile. */
export async function spendSession(
  id: string,
  { records, now }: { readonly records: Pick<ControlRecords, 'get'>; readonly now: () => Date },
): Promise<SigningSession> {
  const session = await records.get('SESSION', id);
  if (!session) throw invalid('there is no such signing session');
  const open = requireOpen(session, now());
  return { ...open, status: 'used', version: open.version + 1 };
}

function requireOpen(session: SigningSession, now: Date): SigningSession {
  if (session.status === 'used') throw invalid('this signing session has been used');
  if (now.toISOString() >= session.expiresAt) throw invalid(`this signing session ended at ${session.expiresAt}`);
  return session;
}

const invalid = (message: string) =>
  new Refusal('SigningSessionInvalid', message, 'open a new one: run the command that led here again');
