import { createServer, type Server } from 'node:http';
import { CliError } from '../cli-error.ts';
import { isLoopback } from './oidc-client.ts';
import { openBrowser } from './open-browser.ts';
import { loginInterrupted } from './stop-if-interrupted.ts';

/** What Cognito is told to redirect to; it compares to the letter, unlike the local provider (RFC 8252 section 7.3). */
const FIXED = { host: 'localhost', port: 4519 };
const PATIENCE_MS = 300_000;

export type BrowserLoginOptions = {
  readonly tell: (line: string) => void;
  readonly interrupted?: AbortSignal | undefined;
  readonly open?: ((url: string) => void) | undefined;
};

/** A login in the person's own browser, which comes back to a server on this machine that lives for this login only. */
export type BrowserLogin = {
  readonly redirectUri: string;
  authorize(url: URL, state: string): Promise<URL>;
  close(): void;
};

/** Starts waiting on loopback: any free port for a provider on this machine, the registered one for Cognito. */
export async function browserLogin(issuer: string, options: BrowserLoginOptions): Promise<BrowserLogin> {
  const { tell, interrupted, open = openBrowser } = options;
  const wanted = isLoopback(new URL(issuer)) ? { host: '127.0.0.1', port: 0 } : FIXED;
  const server = createServer();
  const port = await listening(server, wanted);
  const base = `http://${wanted.host}:${port}`;
  return {
    redirectUri: `${base}/callback`,
    async authorize(url, state) {
      tell(`Log in with your browser: ${url.href}`);
      open(url.href);
      return comingBack(server, base, state, interrupted);
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function listening(server: Server, { host, port }: { host: string; port: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new CliError(
          'unauthenticated',
          `the login cannot come back to ${host}:${port}: ${cause.message}`,
          'end the other login that waits there',
          {
            code: 'LoginPortTaken',
            cause,
          },
        ),
      ),
    );
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

/** Only the redirect of this very login is taken; whatever else knocks at the port gets 404. */
function comingBack(server: Server, base: string, state: string, interrupted?: AbortSignal): Promise<URL> {
  const deadline = AbortSignal.timeout(PATIENCE_MS);
  const end = interrupted ? AbortSignal.any([deadline, interrupted]) : deadline;
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(interrupted?.aborted ? loginInterrupted() : nobodyCame());
    if (end.aborted) return giveUp(); // a signal that has fired already fires no event
    end.addEventListener('abort', giveUp, { once: true });
    server.on('request', (request, response) => {
      const url = new URL(request.url ?? '/', base);
      const ours = request.method === 'GET' && url.pathname === '/callback' && url.searchParams.get('state') === state;
      response.writeHead(ours ? 200 : 404, HEADERS).end(ours ? DONE : '', () => {
        if (ours) resolve(url);
      });
    });
  });
}

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  connection: 'close',
};

const DONE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>TradePulse</title></head>
<body><main><h1>Back to the terminal</h1><p>You can close this page; the command line goes on.</p></main></body></html>
`;

const nobodyCame = () =>
  new CliError(
    'unauthenticated',
    'nobody logged in within five minutes',
    'give the command again; demo users of a local control plane need no browser: --as trader',
    {
      code: 'LoginTimedOut',
    },
  );
