import type { Problem } from './session-reply.ts';

/** Why something did not work, as people read it. `final`: nothing can be tried again on this page. */
export type Failure = {
  readonly happened: string;
  readonly why: string;
  readonly next: string;
  readonly final: boolean;
};

const ANEW = 'Give the command in your terminal again: it opens a new page.';

/** After these the same page may be used once more; after all others it may not. */
const MAY_TRY_AGAIN: readonly string[] = [
  ...['UserNotVerified', 'SignatureInvalid', 'SignatureMissing', 'WrongChallenge', 'CounterRegressed'],
  ...[
    'CredentialOfAnother',
    'UnknownCredential',
    'CredentialNotApproved',
    'CredentialRevoked',
    'DemoCredentialRefused',
  ],
  ...['InvalidRequest', 'Contended', 'StoreUnavailable', 'Fault', 'TooManyRequests'],
];

/** The control plane said no. */
export const refused = ({ code, detail, next }: Problem): Failure => ({
  happened: 'The control plane refused this',
  why: `${sentence(detail)} (${code})`,
  next: sentence(next ?? ANEW),
  final: !MAY_TRY_AGAIN.includes(code),
});

/** What the control plane said could not be understood: most likely something between us answered. */
export const misunderstood = (status: number): Failure => ({
  happened: 'The answer could not be understood',
  why: `Something answered with status ${status}, but not as the control plane does.`,
  next: `${MAYBE} If it goes on, give the command in your terminal again.`,
  final: false,
});

const MAYBE = 'Try again: if it then says that this page has been used, it did arrive.';

/** Nothing answered. Whether a request arrived is not known then. */
export const unreachable: Failure = {
  happened: 'The control plane could not be reached',
  why: 'Your browser got no answer. It is not known whether your request arrived.',
  next: MAYBE,
  final: false,
};

/** Why this page cannot be used at all where it is open; undefined when it can. */
export function unfit(here: {
  readonly hasAddress: boolean;
  readonly isSecure: boolean;
  readonly hasWebauthn: boolean;
}): Failure | undefined {
  if (!here.hasAddress)
    return {
      happened: 'This address is not complete',
      why: 'What stands behind the # is missing. It is taken away once the page is open, so loading the page again loses it.',
      next: ANEW,
      final: true,
    };
  if (!here.isSecure)
    return {
      happened: 'Nothing can be signed on this page',
      why: 'It was opened neither by https nor at http://localhost, and browsers sign nowhere else.',
      next: 'Open the very address that your terminal shows.',
      final: true,
    };
  if (here.hasWebauthn) return undefined;
  return {
    happened: 'This browser cannot sign',
    why: 'It does not know WebAuthn, by which authenticators are asked.',
    next: 'Open the address in a current Chrome, Edge, Firefox or Safari.',
    final: true,
  };
}

/** The page is open at another origin than the one that signatures name, such as 127.0.0.1 in place of localhost. */
export const elsewhere = (here: string, origin: string): Failure => ({
  happened: 'This is not the address to sign at',
  why: `You are at ${here}. Authenticators sign at ${origin} only.`,
  next: 'Open this page there:',
  final: true,
});

export const over: Failure = {
  happened: 'This page is over',
  why: 'It works for five minutes at most, and no longer than what is asked on it, so that nobody finds it open later.',
  next: ANEW,
  final: true,
};

/** What this program did not expect. */
export const broken = (error: unknown): Failure => ({
  happened: 'This page failed',
  why: error instanceof Error ? error.message : String(error),
  next: 'Load the address from your terminal again. If it goes on, tell the platform engineer.',
  final: true,
});

const sentence = (text: string): string => {
  const [first = '', ...rest] = text;
  return `${first.toUpperCase()}${rest.join('')}${/[.:!?]$/.test(text) ? '' : '.'}`;
};
