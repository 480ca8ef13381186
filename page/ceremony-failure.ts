import type { Failure } from './failure.ts';

type Ceremony = 'sign' | 'enrol';
type Words = Pick<Failure, 'happened' | 'why' | 'next'>;

/** What browsers say (W3C WebAuthn sections 5.1.3 and 5.1.4), by the name of their error. */
const SAID: Readonly<Record<string, Partial<Record<Ceremony, Words>>>> = {
  NotAllowedError: {
    sign: {
      happened: 'Nothing was signed',
      why: 'You cancelled, or took too long, or this is not an authenticator of yours that may sign, or it did not verify you.',
      next: 'Try again with an authenticator that you have enrolled, with its PIN, finger or face. Or decline.',
    },
    enrol: {
      happened: 'Nothing was registered',
      why: 'You cancelled, or took too long, or the authenticator did not verify you.',
      next: 'Try again, with a PIN, finger or face.',
    },
  },
  InvalidStateError: {
    enrol: {
      happened: 'This authenticator is registered already',
      why: 'It holds a key of yours for this control plane.',
      next: 'Sign with it once it is approved, or take another one and try again.',
    },
  },
  NotSupportedError: {
    enrol: {
      happened: 'This authenticator does not fit',
      why: 'It can make no key of a kind that is accepted here (ES256, EdDSA, RS256).',
      next: 'Take another one and try again.',
    },
  },
  ConstraintError: {
    enrol: {
      happened: 'This authenticator does not fit',
      why: 'It cannot verify who uses it, by a PIN, a finger or a face.',
      next: 'Set a PIN on it, or take another one, and try again.',
    },
  },
  SecurityError: {
    sign: {
      happened: 'The browser refused to sign here',
      why: 'This page does not belong to the site that authenticators are enrolled for.',
      next: 'Open the very address that your terminal shows. If you did, tell the platform engineer: RelyingPartyId does not fit.',
    },
  },
};

/** Why an authenticator gave nothing, for people. Whatever it was, it can be tried again. */
export function ceremonyFailure(ceremony: Ceremony, error: unknown): Failure {
  const name = error instanceof Error ? error.name : '';
  const words = SAID[name]?.[ceremony] ?? SAID[name]?.sign;
  return { ...(words ?? unknown(ceremony, error)), final: false };
}

const unknown = (ceremony: Ceremony, error: unknown): Words => ({
  happened: ceremony === 'sign' ? 'Nothing was signed' : 'Nothing was registered',
  why: `The browser says: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`,
  next: 'Try again, or with another authenticator or browser.',
});
