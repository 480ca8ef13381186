/** What runs on a signing page: it takes the secret out of the address, fetches what is asked, and shows it. */
import { browserSupportsWebAuthn } from '@simplewebauthn/browser';
import { checkDigest } from './check-digest.ts';
import { element } from './element.ts';
import { broken, elsewhere, type Failure, unfit } from './failure.ts';
import { type PageAddress, readPageAddress } from './page-address.ts';
import { failurePanel, heading, show } from './panels.ts';
import { sessionApi } from './session-api.ts';
import { showEnrolment } from './show-enrolment.ts';
import { showSigning } from './show-signing.ts';

const TITLE = 'Nothing to sign here';

function fail(failure: Failure, ...more: readonly Node[]): void {
  show(TITLE, heading(TITLE), failurePanel(failure, ...more));
}

/** Reads the address, and leaves nothing secret in it: neither on the screen nor in the history. */
function takeAddress(): PageAddress | undefined {
  const address = readPageAddress(location);
  history.replaceState(null, '', location.pathname);
  return address;
}

async function start(): Promise<void> {
  const address = takeAddress();
  const obstacle = unfit({
    hasAddress: address !== undefined,
    isSecure: isSecureContext,
    hasWebauthn: browserSupportsWebAuthn(),
  });
  if (obstacle || !address) return obstacle && fail(obstacle);
  const api = sessionApi(address, location.href, (url, init) => fetch(url, init));
  const answer = await api.look();
  if ('failure' in answer) return fail(answer.failure);
  const session = answer.value;
  if (session.origin !== location.origin)
    return fail(elsewhere(location.origin, session.origin), there(session.origin, address));
  if (session.kind === 'enrol') return showEnrolment(session, address.label, api);
  showSigning(session, await checkDigest(session.approval, session.options.challenge), api);
}

/** This very page at the origin where people sign; only of an origin that is one for the web. */
function there(origin: string, { session, secret }: PageAddress): HTMLElement {
  const { protocol } = new URL(origin);
  if (!['https:', 'http:'].includes(protocol)) throw new TypeError(`${origin} is no origin to sign at`);
  return element('p', {}, element('a', { href: `${origin}/sign/${session}#${secret}` }, `Sign at ${origin}`));
}

start().catch((error: unknown) => fail(broken(error)));
