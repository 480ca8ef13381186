import { type ApiClient, apiClient, type SignCall } from './api-client.ts';
import { CliError } from './cli-error.ts';
import { localUrl } from './local-data.ts';
import { type Format, type Output, output } from './output/output.ts';
import type { Surroundings, TokenNeed } from './surroundings.ts';

/** The options that every command takes. */
export type GlobalOptions = {
  readonly as?: string;
  readonly data: string;
  readonly url?: string;
  readonly issuer?: string;
  readonly clientId?: string;
  readonly output: Format;
};

/** What the access token of a command has to allow. */
export type Access = 'read' | 'operate' | 'kill' | 'sign';

/** What a command works with. */
export type Context = {
  readonly options: GlobalOptions;
  readonly surroundings: Surroundings;
  readonly out: Output;
  api(access: Access, how?: HowToProve): Promise<ApiClient>;
  /** A command line that can be copied: it reaches the same installation as this one. */
  command(text: string): string;
};

/** `askNobody`: rather no token than a login page, nor than waiting `tokenMs` for one. `sign`: no token at all. */
export type HowToProve = {
  readonly askNobody?: boolean;
  readonly tokenMs?: number;
  readonly sign?: SignCall;
};

/** A signature needs a login of the last 300 s; asking for a younger one leaves time to read the document. */
const FRESH_SECONDS = 180;

const SCOPES: Record<Access, readonly string[]> = {
  read: ['control-plane/read'],
  operate: ['control-plane/read', 'control-plane/operate'],
  kill: ['control-plane/kill'],
  sign: ['control-plane/read', 'control-plane/operate'],
};

/** The context of one command line. */
export function context(options: GlobalOptions, surroundings: Surroundings): Context {
  return {
    options,
    surroundings,
    out: output(options.output, surroundings),
    command: (text) => `npx tradepulse-cli ${text}${elsewhere(options)}`,
    async api(access, { askNobody = false, tokenMs, sign } = {}) {
      const fresh = access === 'sign' ? FRESH_SECONDS : undefined;
      const need = { ...tokenNeed(options, SCOPES[access], fresh), ...(askNobody && { askNobody }) };
      const known = askNobody ? await inTime(surroundings.accessToken(need), tokenMs) : undefined;
      return apiClient({
        url: await controlPlaneUrl(options),
        token: async () => known ?? surroundings.accessToken(need),
        sign,
        sleep: surroundings.sleep,
        elapsedMs: surroundings.elapsedMs,
      });
    },
  };
}

async function inTime(token: Promise<string>, ms: number | undefined): Promise<string> {
  if (ms === undefined) return token;
  const { promise, reject } = Promise.withResolvers<never>();
  const late = new CliError('unauthenticated', 'the login takes too long', 'log in: tradepulse-cli login', {
    code: 'LoginLate',
  });
  const timer = setTimeout(() => reject(late), ms);
  return Promise.race([token, promise]).finally(() => clearTimeout(timer));
}

/** What a token of these options must be good for: who, at which identity provider. Refuses half of a provider. */
export function tokenNeed(options: GlobalOptions, scopes: readonly string[], freshWithinSeconds?: number): TokenNeed {
  const { as, data: dataPath, issuer, clientId } = options;
  if ((issuer === undefined) !== (clientId === undefined)) {
    throw new CliError(
      'usage',
      '--issuer and --client-id belong together',
      'give both, or neither for the local installation',
    );
  }
  if (issuer !== undefined && !URL.canParse(issuer))
    throw new CliError('usage', `'${issuer}' is not a URL`, 'write --issuer like https://login.example.com/pool');
  const remote = issuer !== undefined && clientId !== undefined ? { issuer, clientId } : undefined;
  return { dataPath, as, remote, scopes, freshWithinSeconds };
}

/** The data folder of `npm start` and of every command, when nothing else is said. */
export const DEFAULT_DATA = '.tradepulse';

const elsewhere = ({ data, url }: GlobalOptions) =>
  `${data === DEFAULT_DATA ? '' : ` --data ${data}`}${url === undefined ? '' : ` --url ${url}`}`;

/** `--url`, or the local host that the data folder belongs to. */
export async function controlPlaneUrl({ url, data }: GlobalOptions): Promise<string> {
  const found = url ?? (await localUrl(data));
  if (found && URL.canParse(found)) return found;
  throw found
    ? new CliError('usage', `'${found}' is not a URL`, 'write it like http://127.0.0.1:4510')
    : new CliError(
        'unreachable',
        `no control plane is known: ${data} holds no local.json`,
        "start one with 'npm start', or give --url",
        {
          code: 'ControlPlaneUnknown',
        },
      );
}
