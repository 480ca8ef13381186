import type { Caller } from '../approval/caller.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { DemoAuthenticators, RelyingParty } from '../ports/webauthn.ts';
import { Refusal } from '../refusal.ts';
import type { Said } from './assertion.ts';
import type { Credential, Passkey } from './credential.ts';

/** Refuses what may not sign for this caller now: no credential, a device key, one of somebody else, one that is not active, a demo authenticator where none counts. */
export function credentialToSign(
  id: string,
  credential: Credential | undefined,
  { subject }: Caller,
  demoAuthenticators: DemoAuthenticators,
): Passkey | Refusal {
  if (!credential) return no('UnknownCredential', `no authenticator with the id ${id} is enrolled`, ENROL, {});
  if (credential.type === 'device-key')
    return no('DeviceKeyRefused', `${credential.id} is the key of a device: it may kill, and sign nothing`, SIGN, {});
  const facts = { credential: credential.id };
  if (credential.subject !== subject)
    return no('CredentialOfAnother', 'this authenticator is enrolled for somebody else', SIGN, facts);
  if (credential.status === 'revoked')
    return no('CredentialRevoked', `this authenticator was revoked at ${credential.revokedAt}`, ENROL, facts);
  if (credential.status === 'proposed')
    return no(
      'CredentialNotApproved',
      'this authenticator is enrolled, but nobody else has approved it yet',
      'ask a risk officer or an SRE to approve it: tradepulse-cli credential approve',
      facts,
    );
  if (credential.authenticator === 'demo' && demoAuthenticators === 'refused')
    return no('DemoCredentialRefused', 'authenticators in software count on a demo machine only', ENROL, facts);
  return credential;
}

const ENROL = 'enrol an authenticator of your own, and have it approved';
const SIGN = 'sign with an authenticator of your own';

const no = (code: Refusal['code'], message: string, next: string, facts: Refusal['facts']) =>
  new Refusal(code, message, next, facts);

/** What an assertion must say: the challenge of the document, where people sign, and a counter beyond the one last seen. */
type Expected = { readonly challenge: string; readonly relyingParty: RelyingParty; readonly counter: number };
type Guard = (said: Said, expected: Expected) => Refusal | undefined;

/**
 * What an assertion has to say, before its signature is looked at: a list of guards, expected against actual. Refuses another
 * ceremony, document, page or relying party, a person who was not verified, and a counter that did not rise (0 and 0 is none).
 */
export function requireSaid(said: Said | undefined, expected: Expected): Said | Refusal {
  if (!said) return no('SignatureInvalid', 'this is no assertion of an authenticator', 'sign again', {});
  return GUARDS.map((guard) => guard(said, expected)).find((each) => each !== undefined) ?? said;
}

const GUARDS: readonly Guard[] = [
  ofSigning,
  overTheDocument,
  onThePage,
  forTheSite,
  byAPersonVerified,
  withACounterThatRose,
];

/** An assertion and no enrolment, asked for by the page itself and by no page around it. */
function ofSigning({ type, crossOrigin }: Said) {
  if (type === 'webauthn.get' && !crossOrigin) return undefined;
  return no('SignatureInvalid', 'this was not given for signing here', 'sign again', { type, crossOrigin });
}

/** Exactly this document: its digest is the challenge, so neither another one nor an earlier signature fits. */
function overTheDocument({ challenge: actual }: Said, { challenge: expected }: Expected) {
  if (actual === expected) return undefined;
  const message = 'this signature is over another document';
  return no('WrongChallenge', message, 'read this document and sign it', { expected, actual });
}

/** The page that people were shown. */
function onThePage({ origin: actual }: Said, { relyingParty: { origin: expected } }: Expected) {
  if (actual === expected) return undefined;
  return no('WrongOrigin', 'this was signed on another page', `sign on ${expected}`, { expected, actual });
}

/** The site that the key was made for. */
function forTheSite({ rpIdHash }: Said, { relyingParty: { rpId } }: Expected) {
  if (rpIdHash === sha256(rpId).toString('hex')) return undefined;
  return no('WrongRelyingParty', `this was signed for another site than ${rpId}`, 'sign again', { expected: rpId });
}

/** PIN or biometrics: somebody who found the key is nobody. */
function byAPersonVerified({ userPresent, userVerified }: Said) {
  if (userPresent && userVerified) return undefined;
  const message = 'the authenticator did not verify who used it';
  return no('UserNotVerified', message, 'set up a PIN or biometrics on it', { userPresent, userVerified });
}

/** A copy of the key would have fallen behind. */
function withACounterThatRose({ counter: actual }: Said, { counter: last }: Expected) {
  if (actual > last || (actual === 0 && last === 0)) return undefined;
  const message = 'the counter of this authenticator did not rise: it may have been copied';
  const next = 'if you did not just sign elsewhere, revoke this authenticator and enrol another';
  return no('CounterRegressed', message, next, { expected: `> ${last}`, actual });
}
