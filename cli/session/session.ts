import { CliError } from '../cli-error.ts';
import { browserLogin } from './browser-login.ts';
import { DEMO_REDIRECT, demoLogin } from './demo-login.ts';
import { demoUser } from './demo-user.ts';
import { type IdentitySettings, identitySettings, type WhichIdentity } from './identity-settings.ts';
import { type OidcClient, oidcClient } from './oidc-client.ts';
import { readSession, type SavedSession, writeSession } from './session-file.ts';
import { lockSession } from './session-lock.ts';

export type SessionOptions = WhichIdentity & {
  /** What the token has to allow. One login asks for everything that operators may be given, so commands share it. */
  readonly scopes: readonly string[];
  /** The second factor must have been shown within this time; otherwise it is asked for again. */
  readonly freshWithinSeconds?: number | undefined;
  /** Nobody is sent to a login page: where that would be needed there is no session. */
  readonly askNobody?: boolean | undefined;
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
  /** A line for the person at the terminal (standard error). */
  readonly tell: (line: string) => void;
  readonly interrupted?: AbortSignal | undefined;
  readonly openBrowser?: ((url: string) => void) | undefined;
};

export type Session = { readonly token: string; readonly subject: string };

const ALL_SCOPES = ['control-plane/read', 'control-plane/operate', 'control-plane/kill'];
const KILL_SCOPE = 'control-plane/kill';
const MARGIN_MS = 30_000;
/** The kill path takes tokens that expired up to 15 minutes ago; a minute is left for the way there. */
const KILL_TOLERANCE_MS = 840_000;
const KILL_PATIENCE_MS = 1000;
const PATIENCE_MS = 330_000;

/**
 * An access token for the person: the kept one, a refreshed one, or that of a new login (demo users by themselves, others in the
 * browser). A kill waits for nobody: while the kill path still takes the kept token, a second is spent on refreshing it, no more,
 * and no login is asked for.
 */
export async function session(options: SessionOptions): Promise<Session> {
  const settings = await identitySettings(options);
  const kept = await keptSession(settings);
  if (kept && fulfils(kept, options, options.now().getTime() + MARGIN_MS)) return shown(kept);
  if (!kept || !isForKill(options) || !fulfils(kept, options, options.now().getTime() - KILL_TOLERANCE_MS))
    return shown(await renewed(settings, options, PATIENCE_MS, loggedIn));
  const late = options.sleep(KILL_PATIENCE_MS).then(() => kept);
  const inTime = renewed(settings, options, KILL_PATIENCE_MS, async () => kept).catch(() => kept);
  return shown(await Promise.race([late, inTime]));
}

const shown = ({ accessToken, subject }: SavedSession): Session => ({ token: accessToken, subject });

const isForKill = ({ scopes }: SessionOptions) => scopes.every((scope) => scope === KILL_SCOPE);

async function keptSession({ sessionPath, issuer, clientId }: IdentitySettings) {
  const kept = await readSession(sessionPath);
  return kept?.issuer === issuer && kept.clientId === clientId ? kept : undefined;
}

function fulfils(kept: SavedSession, options: SessionOptions, notExpiredAt: number): boolean {
  const allowed = options.scopes.every((scope) => kept.scopes.includes(scope));
  return allowed && isFresh(kept, options) && kept.expiresAt > notExpiredAt;
}

const isFresh = ({ authTime }: SavedSession, { freshWithinSeconds, now }: SessionOptions) =>
  freshWithinSeconds === undefined || now().getTime() - authTime < freshWithinSeconds * 1000;

/** New tokens for the same login if that is enough, else what `otherwise` brings. One process at a time. */
async function renewed(
  settings: IdentitySettings,
  options: SessionOptions,
  waitMs: number,
  otherwise: typeof loggedIn,
): Promise<SavedSession> {
  const { sleep, interrupted } = options;
  const release = await lockSession(`${settings.sessionPath}.lock`, { sleep, interrupted, waitMs });
  if (!release)
    throw new CliError(
      'unauthenticated',
      'another command is logging this person in and does not finish',
      'finish or end that login, then try again',
      {
        code: 'LoginBusy',
      },
    );
  try {
    const kept = await keptSession(settings);
    if (kept && fulfils(kept, options, options.now().getTime() + MARGIN_MS)) return kept;
    const client = await oidcClient(settings, options.now);
    const next = (await refreshed(client, kept, options)) ?? (await otherwise(client, settings, options));
    await writeSession(settings.sessionPath, next);
    return next;
  } finally {
    await release();
  }
}

/** Only where new tokens for the same login are enough: refreshing shows no second factor. */
async function refreshed(client: OidcClient, kept: SavedSession | undefined, options: SessionOptions) {
  const enough = kept && isFresh(kept, options) && options.scopes.every((scope) => kept.scopes.includes(scope));
  return enough ? client.refresh(kept) : undefined;
}

async function loggedIn(
  client: OidcClient,
  settings: IdentitySettings,
  options: SessionOptions,
): Promise<SavedSession> {
  const { as, dataPath, freshWithinSeconds } = options;
  const common = { scopes: ALL_SCOPES, maxAgeSeconds: freshWithinSeconds };
  if (as !== undefined) {
    const user = await demoUser(dataPath, as);
    const authorize = (url: URL) => demoLogin(url, user, options);
    return client.login({ ...common, redirectUri: DEMO_REDIRECT, hint: as, authorize });
  }
  const { tell, interrupted, openBrowser: open } = options;
  if (options.askNobody)
    throw new CliError('unauthenticated', 'nobody is logged in', 'log in: tradepulse-cli login', {
      code: 'NotLoggedIn',
    });
  const browser = await browserLogin(settings.issuer, { tell, interrupted, open });
  try {
    return await client.login({ ...common, redirectUri: browser.redirectUri, authorize: browser.authorize });
  } finally {
    browser.close();
  }
}
