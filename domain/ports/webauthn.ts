import type { Assertion } from '../signature/assertion.ts';
import type { Registration } from '../signature/registration-response.ts';

/** Whether software authenticators of demo users count: on one machine only, and never on AWS (product decision 14). */
export type DemoAuthenticators = 'accepted' | 'refused';

/** Where people sign: fixed by configuration, never taken from a request. */
export type RelyingParty = { readonly rpId: string; readonly origin: string };

/** What an authenticator's key is when it is enrolled; `publicKey` is a COSE_Key in base64url. */
export type NewKey = {
  readonly id: string;
  readonly publicKey: string;
  readonly counter: number;
  readonly aaguid: string;
};

/** The cryptography of WebAuthn. Both answer no for whatever is not in order, and throw for nothing that a caller sent. */
export interface Webauthn {
  readonly relyingParty: RelyingParty;
  readonly demoAuthenticators: DemoAuthenticators;
  /** Whether the key made this assertion over this challenge, for this relying party, with the person verified. */
  verifies(
    assertion: Assertion,
    expected: { readonly challenge: string; readonly publicKey: string; readonly counter: number },
  ): Promise<boolean>;
  /** The key that was made for this challenge; nothing when the response is not in order. */
  registered(response: Registration, expected: { readonly challenge: string }): Promise<NewKey | undefined>;
}
