import { generateKeyPairSync } from 'node:crypto';
import type { Caller } from '../../domain/approval/caller.ts';
import { coseOfP256 } from '../../domain/crypto/cose-key.ts';
import { sha256 } from '../../domain/crypto/sha256.ts';
import {
  type Ceremony,
  type SoftwareAuthenticator,
  softwareAssertion,
} from '../../domain/crypto/software-authenticator.ts';
import type { ActorId, Digest } from '../../domain/ids.ts';
import { type Assertion, challengeOf } from '../../domain/signature/assertion.ts';
import type { Passkey } from '../../domain/signature/credential.ts';
import type { FakeStore } from './fake-store.ts';
import { RELYING_PARTY } from './fake-webauthn.ts';

type Owned = SoftwareAuthenticator & { readonly publicKey: string };

/** A new P-256 key with the id of a credential. */
export function newAuthenticator(id: string): Owned {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const cose = coseOfP256(Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url'));
  return {
    id,
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    publicKey: cose.toString('base64url'),
  };
}

const made = new Map<string, Owned>();

/** The authenticator of a person of these tests: always the same, so that nobody waits for keys. */
export function authenticatorOf(subject: string): Owned {
  const known = made.get(subject) ?? newAuthenticator(sha256(subject).subarray(0, 16).toString('base64url'));
  made.set(subject, known);
  return known;
}

/** How the control table knows it. */
export const passkeyOf = (subject: ActorId, changes: Partial<Passkey> = {}): Passkey => ({
  type: 'webauthn',
  id: authenticatorOf(subject).id,
  subject,
  publicKey: authenticatorOf(subject).publicKey,
  counter: 0,
  authenticator: 'platform',
  aaguid: '00000000-0000-0000-0000-000000000000',
  status: 'active',
  enrolledBy: subject,
  enrolledAt: '2026-11-01T09:00:00.000Z',
  label: 'key of these tests',
  version: 1,
  ...changes,
});

/** A person's assertion over a document; their authenticator is enrolled when it is not yet. `changes` to what a browser would have done. */
export function assertionOf(
  { store }: { readonly store: FakeStore },
  { subject }: Caller,
  digest: Digest,
  changes: Partial<Ceremony> = {},
): Assertion {
  const key = `CREDENTIAL#${authenticatorOf(subject).id}`;
  const known = store.records.get(key)?.record as Passkey | undefined;
  if (!known) store.records.set(key, { kind: 'CREDENTIAL', record: passkeyOf(subject) });
  return softwareAssertion(authenticatorOf(subject), {
    type: 'webauthn.get',
    challenge: challengeOf(digest),
    ...RELYING_PARTY,
    counter: (known?.counter ?? 0) + 1,
    ...changes,
  });
}

/** What a person sends who approves: the digest, and their signature over the document. */
export const signedAnswer = (
  world: { readonly store: FakeStore },
  caller: Caller,
  { digest }: { readonly digest: Digest },
) => ({ caller, decision: 'approve' as const, digest, assertion: assertionOf(world, caller, digest) });
