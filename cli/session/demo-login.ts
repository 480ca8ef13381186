import { Secret, TOTP } from 'otpauth';
import { CliError } from '../cli-error.ts';
import type { DemoUser } from './demo-user.ts';
import { loginPage } from './login-page.ts';
import { stopIfInterrupted } from './stop-if-interrupted.ts';

const STEP_MS = 30_000;
const MOST_PAGES = 20;

export type DemoLoginOptions = {
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
  readonly tell: (line: string) => void;
  readonly interrupted?: AbortSignal | undefined;
};

/** Where demo logins end; nobody listens there, the address alone is needed. */
export const DEMO_REDIRECT = 'http://127.0.0.1/callback';

/**
 * Goes through the login pages as a browser would: cookies, redirects, forms. Answers where the last redirect leads.
 * A one-time code works once: the code of this moment, of the 30 s before and of the 30 s after are tried, then the next is waited for.
 */
export async function demoLogin(start: URL, user: DemoUser, options: DemoLoginOptions): Promise<URL> {
  const codes = oneTimeCodes(user, options);
  let answer = await loginPage(start);
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    stopIfInterrupted(options.interrupted);
    if (answer.location?.href.startsWith(DEMO_REDIRECT)) return answer.location;
    if (answer.location) answer = await loginPage(answer.location, answer.cookies);
    else answer = await answer.submit(await fieldsOf(answer, user, codes));
  }
  throw refused(user, 'its pages lead nowhere');
}

type Answer = Awaited<ReturnType<typeof loginPage>>;

async function fieldsOf({ step, refusal, text }: Answer, user: DemoUser, nextCode: () => Promise<string>) {
  if (step === 'password' && refusal === '') return { step, name: user.name, password: user.password };
  if (step === 'code' && (refusal === '' || refusal === 'code-used')) return { step, code: await nextCode() };
  throw refused(user, text ?? 'it showed a page that is not known');
}

const refused = ({ name }: DemoUser, why: string) =>
  new CliError(
    'unauthenticated',
    `the local identity provider did not let ${name} in: ${why}`,
    'wait a minute and try again',
    {
      code: 'LoginRefused',
    },
  );

function oneTimeCodes(
  { name, totpSecret }: DemoUser,
  { now, sleep, tell, interrupted }: DemoLoginOptions,
): () => Promise<string> {
  const totp = new TOTP({ secret: Secret.fromBase32(totpSecret) });
  const tried = new Set<number>();
  const next = () => {
    const step = Math.floor(now().getTime() / STEP_MS);
    return [step, step - 1, step + 1].find((each) => !tried.has(each));
  };
  return async () => {
    let step = next();
    while (step === undefined) {
      const waitMs = STEP_MS - (now().getTime() % STEP_MS) + 100;
      tell(
        `${name} has used up the one-time codes of this half minute; waiting ${Math.ceil(waitMs / 1000)} s for the next`,
      );
      await sleep(waitMs);
      stopIfInterrupted(interrupted);
      step = next();
    }
    tried.add(step);
    return totp.generate({ timestamp: step * STEP_MS });
  };
}
