import { type Caller, requireRole } from '../approval/caller.ts';
import type { LogDecision } from '../ports/strategies.ts';
import { Refusal } from '../refusal.ts';
import { requirePasskey } from './approve-passkey.ts';
import type { Credential, Passkey } from './credential.ts';
import { passkeyEntry, recorded } from './enrol-passkey.ts';

/** Takes an authenticator out of use for good: by its owner, a risk officer or an SRE. It makes things safer, so it needs no signature and no fresh login. Refuses UnknownCredential, DeviceKeyRefused and WrongRole. */
export function revokePasskey(
  known: Credential | undefined,
  { caller, now }: { readonly caller: Caller; readonly now: Date },
): LogDecision<Passkey> | Refusal {
  const passkey = requirePasskey(known);
  if (passkey instanceof Refusal) return passkey;
  const refusal =
    caller.subject === passkey.subject
      ? undefined
      : requireRole(caller, ['risk-officer', 'sre'], 'revoking the authenticator of somebody else');
  if (refusal) return refusal;
  if (passkey.status === 'revoked') return { entries: [], reply: passkey };
  const revoked: Passkey = {
    ...passkey,
    status: 'revoked',
    revokedBy: caller.subject,
    revokedAt: now.toISOString(),
    version: (passkey.version ?? 1) + 1,
  };
  return recorded(revoked, passkeyEntry('revoked', revoked, caller));
}
