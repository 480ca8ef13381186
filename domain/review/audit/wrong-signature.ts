import { SECOND_FACTOR_MS } from '../../approval/caller.ts';
import { wrongProofs } from '../../ledger/verify/proof-methods.ts';
import { shownEntryIn } from '../../ledger/verify/shown-entry.ts';
import type { DemoAuthenticators } from '../../ports/webauthn.ts';
import { DeviceProof } from '../../signature/device-proof.ts';
import { WebauthnProof } from '../../signature/webauthn-proof.ts';
import { type KnownKey, wrongKey } from '../credential-history.ts';
import type { StoredEntry } from '../stored-entry.ts';

/** What is believed beside the log itself: the keys that the log `desk` knows, and whether software authenticators carry anything here. */
export type Trust = {
  readonly keys: ReadonlyMap<string, KnownKey>;
  readonly demoAuthenticators: DemoAuthenticators;
};

const SECOND_FACTOR = /^urn:cognito:loa:[2-4]$/;
const AHEAD_MS = 60_000;

/**
 * What is wrong with the proofs of an entry, if anything, by its stored bytes alone: the mathematics by the verifier that strangers use, whose key it
 * was and whether it counted then by the log `desk`, and the second factor of the login that brought it (runbook 2.3). Nothing is wrong with no proof.
 */
export function wrongSignature(stored: StoredEntry, trust: Trust): string | undefined {
  if (stored.altered !== undefined) return stored.altered;
  const shown = shownEntryIn(stored.text);
  if ('kind' in shown) return shown.what;
  const [first] = wrongProofs(shown);
  if (first) return first.what;
  return stored.entry.proofs.map((proof) => wrongProof(proof, stored, trust)).find((wrong) => wrong !== undefined);
}

function wrongProof(proof: unknown, { entry }: StoredEntry, trust: Trust): string | undefined {
  const person = WebauthnProof.safeParse(proof).data;
  if (person) return wrongPerson(person, entry.at, trust);
  const { data: device } = DeviceProof.safeParse(proof);
  return device && wrongKey(trust.keys, { id: device.keyid, publicKey: device.publicKey }, entry.at);
}

function wrongPerson(
  { credential, publicKey, subject, authenticator, acr, authTime }: WebauthnProof,
  at: string,
  { keys, demoAuthenticators }: Trust,
): string | undefined {
  if (authenticator === 'demo' && demoAuthenticators !== 'accepted')
    return 'is by an authenticator in software, which proves nothing about a person';
  if (!SECOND_FACTOR.test(acr)) return `was brought by a login without a second factor (${acr})`;
  const ageMs = Date.parse(at) - Date.parse(authTime);
  if (ageMs > SECOND_FACTOR_MS || ageMs < -AHEAD_MS) return `was brought by a login of ${authTime}, too long before`;
  return wrongKey(keys, { id: credential, publicKey, subject }, at);
}
