import { type Caller, requireFreshSecondFactor, requireRole } from '../approval/caller.ts';
import { digestOf } from '../ledger/digest.ts';
import type { LogDecision } from '../ports/strategies.ts';
import { Refusal } from '../refusal.ts';
import type { Assertion } from './assertion.ts';
import type { Credential, Passkey } from './credential.ts';
import { passkeyEntry, recorded } from './enrol-passkey.ts';
import { type SigningPorts, signDocument } from './sign-document.ts';

/** What whoever approves an authenticator says yes to, and signs where they sign: exactly this key, of exactly this person. */
export function passkeyDocument({ id, subject, publicKey, authenticator, enrolledAt }: Passkey) {
  const document = {
    action: 'approve authenticator',
    credential: id,
    subject,
    publicKey,
    authenticator,
    enrolledAt,
    nonce: digestOf({ id, enrolledAt }).slice('sha256:'.length).slice(0, 32),
  };
  return { document, digest: digestOf(document), nonce: document.nonce };
}

/**
 * Makes an authenticator one that signs. Its owner does so by a signature of another one of theirs that is active; a risk officer
 * or an SRE, never its owner, by a fresh login with a second factor. Refuses UnknownCredential, DeviceKeyRefused,
 * CredentialRevoked, SamePerson, WrongRole, and what `signDocument` refuses. Approving twice changes nothing.
 */
export async function approvePasskey(
  known: Credential | undefined,
  {
    caller,
    assertion,
    now,
  }: { readonly caller: Caller; readonly assertion?: Assertion | undefined; readonly now: Date },
  ports: SigningPorts,
): Promise<LogDecision<Passkey> | Refusal> {
  const passkey = requirePasskey(known);
  if (passkey instanceof Refusal) return passkey;
  if (passkey.status === 'active') return { entries: [], reply: passkey };
  if (passkey.status === 'revoked')
    return new Refusal('CredentialRevoked', 'this authenticator was revoked', 'enrol it anew, or another', {
      credential: passkey.id,
    });
  const { digest, nonce } = passkeyDocument(passkey);
  const approved = {
    ...passkey,
    status: 'active' as const,
    approvedBy: caller.subject,
    version: (passkey.version ?? 1) + 1,
  };
  const entry = passkeyEntry('approved', approved, caller);
  const told = { ...entry, payload: { ...entry.payload, digest, nonce } };
  if (assertion === undefined) return refuseApprover(passkey, caller, now) ?? recorded(approved, told);
  const signed = await signDocument({ caller, document: { digest, nonce }, assertion }, ports);
  if (signed instanceof Refusal) return signed;
  const refusal =
    caller.subject === passkey.subject ? requireFreshSecondFactor(caller, now) : refuseApprover(passkey, caller, now);
  if (refusal) return refusal;
  const { entries, records = [], reply } = recorded(approved, { ...told, proofs: [signed.proof] });
  return { entries, records: [...records, { kind: 'CREDENTIAL', record: signed.passkey }], reply };
}

function refuseApprover({ subject, id }: Passkey, caller: Caller, now: Date): Refusal | undefined {
  if (caller.subject === subject)
    return new Refusal(
      'SamePerson',
      'nobody approves their own first authenticator',
      'sign with another one of yours that is active, or ask a risk officer or an SRE',
      { credential: id },
    );
  return (
    requireRole(caller, ['risk-officer', 'sre'], 'approving the authenticator of somebody else') ??
    requireFreshSecondFactor(caller, now)
  );
}

/** The authenticator of a person. Refuses an unknown one, and the key of a device. */
export function requirePasskey(known: Credential | undefined): Passkey | Refusal {
  if (!known)
    return new Refusal('UnknownCredential', 'there is no such authenticator', 'look at: tradepulse-cli credential ls');
  if (known.type === 'webauthn') return known;
  return new Refusal('DeviceKeyRefused', `${known.id} is the key of a device`, 'look at: tradepulse-cli device --help');
}
