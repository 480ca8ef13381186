import type { Caller } from '../approval/caller.ts';
import { coseVerifier } from '../crypto/cose-key.ts';
import type { NewEntry } from '../ledger/ledger-entry.ts';
import type { LogDecision } from '../ports/strategies.ts';
import type { NewKey, Webauthn } from '../ports/webauthn.ts';
import { Refusal } from '../refusal.ts';
import { clientDataIn } from './assertion.ts';
import type { Credential, Passkey } from './credential.ts';
import type { Registration } from './registration-response.ts';

export type EnrolPasskey = {
  readonly caller: Caller;
  readonly challenge: string;
  readonly response: Registration;
  readonly label: string;
};

/** The key of a registration response. Refuses one over another challenge or page, and one that is not in order or of no known algorithm. */
export async function requireNewKey(
  { challenge, response }: EnrolPasskey,
  webauthn: Webauthn,
): Promise<NewKey | Refusal> {
  const said = clientDataIn(response.response.clientDataJSON);
  const { origin } = webauthn.relyingParty;
  if (said && said.challenge !== challenge)
    return new Refusal('WrongChallenge', 'this is the answer to another challenge', 'begin the enrolment again', {
      expected: challenge,
      actual: said.challenge,
    });
  if (said && said.origin !== origin)
    return new Refusal('WrongOrigin', 'this authenticator was enrolled on another page', `enrol on ${origin}`, {
      expected: origin,
      actual: said.origin,
    });
  const key = await webauthn.registered(response, { challenge });
  if (key && coseVerifier(Buffer.from(key.publicKey, 'base64url'))) return key;
  return new Refusal(
    'SignatureInvalid',
    'this is no enrolment of an authenticator that verified its person (ES256, EdDSA or RS256)',
    'begin the enrolment again, with PIN or biometrics',
  );
}

/** Enrols an authenticator: it signs nothing before it is approved. Refuses a key that is enrolled already. */
export function enrolPasskey(
  known: Credential | undefined,
  key: NewKey,
  { caller, response, label }: EnrolPasskey,
  now: Date,
): LogDecision<Passkey> | Refusal {
  if (known)
    return new Refusal(
      'InvalidRequest',
      'this authenticator is enrolled already',
      'look at: tradepulse-cli credential ls',
      {
        credential: known.id,
      },
    );
  const passkey: Passkey = {
    type: 'webauthn',
    ...key,
    subject: caller.subject,
    authenticator: response.authenticatorAttachment === 'platform' ? 'platform' : 'cross-platform',
    status: 'proposed',
    enrolledBy: caller.subject,
    enrolledAt: now.toISOString(),
    label,
    version: 1,
  };
  return recorded(passkey, passkeyEntry('enrolled', passkey, caller));
}

/** A record with the entry in the log `desk` that says all of it. */
export const recorded = (record: Passkey, entry: NewEntry): LogDecision<Passkey> => ({
  entries: [entry],
  records: [{ kind: 'CREDENTIAL', record }],
  reply: record,
});

/** What the log `desk` says of an authenticator. Its label is left out: people write names there. */
export const passkeyEntry = (
  what: 'enrolled' | 'approved' | 'revoked',
  { id, type, subject, publicKey, authenticator, aaguid, status }: Passkey,
  { subject: actor }: Pick<Caller, 'subject'>,
): NewEntry => ({
  type: `credential.${what}`,
  actor,
  payload: { id, type, owner: subject, publicKey, authenticator, aaguid, status },
});
