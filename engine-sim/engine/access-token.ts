import * as z from 'zod';

const TokenReply = z.object({ access_token: z.string().min(1), expires_in: z.number().positive().default(300) });

export type TokenSource = {
  /** A valid bearer token, from memory where possible; undefined when none is configured. */
  get(): Promise<string | undefined>;
  /** The last one was refused: the next `get` asks for a new one. */
  drop(): void;
};

const RENEW_BEFORE_MS = 60_000;
const DEADLINE_MS = 2_000;

/** OAuth 2.0 client credentials (RFC 6749 section 4.4), scope `engine/lease`. `elapsed` is monotonic milliseconds. */
export function accessToken(
  settings: { tokenUrl?: string | undefined; clientId: string; clientSecret?: string | undefined },
  elapsed: () => number,
): TokenSource {
  const { tokenUrl, clientId, clientSecret } = settings;
  let held: { token: string; until: number } | undefined;
  return {
    async get() {
      if (tokenUrl === undefined) return undefined;
      if (held && elapsed() < held.until) return held.token;
      const asked = elapsed();
      const reply = await fetch(tokenUrl, {
        method: 'POST',
        headers: {
          authorization: `Basic ${basic(clientId, clientSecret ?? '')}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'engine/lease' }).toString(),
        signal: AbortSignal.timeout(DEADLINE_MS),
      });
      if (!reply.ok) throw new Error(`${tokenUrl} answered ${reply.status}: ${(await reply.text()).slice(0, 200)}`);
      const { access_token: token, expires_in: seconds } = TokenReply.parse(await reply.json());
      held = { token, until: asked + Math.max(seconds * 1000 - RENEW_BEFORE_MS, (seconds * 1000) / 2) };
      return token;
    },
    drop() {
      held = undefined;
    },
  };
}

/** RFC 6749 section 2.3.1: both parts are form-encoded before they are joined. */
const basic = (id: string, secret: string): string =>
  Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64');
