import { createHash, randomBytes } from 'node:crypto';
import { decodeJwt } from 'jose';
import { Secret, TOTP } from 'otpauth';
import type { DemoUser } from '../../../local/identity/demo-user.ts';
import { CLIENT_ID } from './identity-server.ts';

const REDIRECT = 'http://127.0.0.1:50000/callback';

/** A browser as the provider sees it: it keeps cookies by path and follows redirects until they lead out. */
export function browser() {
  const jar = new Map<string, { value: string; path: string }>();
  const visit = async (
    url: URL,
    form?: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Visit> => {
    const sent = [...jar].filter(([, { path }]) => url.pathname.startsWith(path));
    const response = await fetch(url, {
      method: form ? 'POST' : 'GET',
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        cookie: sent.map(([name, { value }]) => `${name}=${value}`).join('; '),
        ...headers,
      },
      ...(form && { body: new URLSearchParams(form) }),
    });
    for (const line of response.headers.getSetCookie()) keep(jar, line);
    const location = response.headers.get('location');
    if (location === null)
      return { url, status: response.status, headers: response.headers, html: await response.text() };
    const next = new URL(location, url);
    if (next.origin !== url.origin) return { url: next, status: response.status, headers: response.headers, html: '' };
    return visit(next);
  };
  return { visit, cookies: () => [...jar.keys()] };
}

export type Visit = { url: URL; status: number; headers: Headers; html: string };

function keep(jar: Map<string, { value: string; path: string }>, line: string) {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
  const path = /path=([^;]+)/i.exec(line)?.[1] ?? '/';
  if (value) jar.set(name, { value, path });
  else jar.delete(name);
}

/** An authorization request, its PKCE verifier, and the exchange of what came back. */
export function codeRequest(issuer: string, extra: Record<string, string> = {}) {
  const verifier = randomBytes(32).toString('base64url');
  const url = new URL(`${issuer}/authorize`);
  url.search = new URLSearchParams({
    client_id: CLIENT_ID,
    response_type: 'code',
    redirect_uri: REDIRECT,
    scope: 'openid control-plane/read control-plane/operate control-plane/kill',
    state: 'a-state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...extra,
  }).toString();
  return {
    url,
    exchange: (end: Visit) =>
      tokenRequest(issuer, {
        grant_type: 'authorization_code',
        client_id: CLIENT_ID,
        redirect_uri: REDIRECT,
        code: end.url.searchParams.get('code') ?? '',
        code_verifier: verifier,
      }),
  };
}

export async function tokenRequest(issuer: string, form: Record<string, string>, headers: Record<string, string> = {}) {
  const response = await fetch(`${issuer}/token`, { method: 'POST', headers, body: new URLSearchParams(form) });
  const body = (await response.json()) as Record<string, string>;
  return { status: response.status, body, claims: body['access_token'] ? decodeJwt(body['access_token']) : {} };
}

/** The code of the authenticator, of this half minute or of one `steps` away. */
export const codeAt = ({ totpSecret }: DemoUser, at: Date, steps = 0) =>
  new TOTP({ secret: Secret.fromBase32(totpSecret) }).generate({ timestamp: at.getTime() + steps * 30_000 });

/** Both steps of a login, from an authorization request to the redirect that leads out. */
export async function logIn(
  person: ReturnType<typeof browser>,
  url: URL,
  user: DemoUser,
  code: string,
): Promise<Visit> {
  const { url: first } = await person.visit(url);
  await person.visit(first, { step: 'password', name: user.name, password: user.password });
  return person.visit(first, { step: 'code', code });
}
