import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { createGateway } from '../../../local/gateway/create-gateway.ts';
import { verifyAccessToken } from '../../../local/gateway/verify-access-token.ts';
import type { InvokeResult } from '../../../local/lambda/start-sandbox.ts';
import type { GatewayRoute } from '../../../local/template/gateway-route.ts';

const issuer = 'http://127.0.0.1:4510/oidc';
const now = new Date('2026-11-23T09:00:00Z');
const seconds = now.getTime() / 1000;
const route = (changes: Partial<GatewayRoute>): GatewayRoute => ({
  payload: '1.0',
  method: 'GET',
  path: '/docs',
  functionName: 'Query',
  apiId: 'api',
  stage: 'live',
  ...changes,
});
const routes = [
  route({}),
  route({
    method: 'POST',
    path: '/v1/strategies/{id}/kills',
    functionName: 'Kill',
    authorizer: { issuer, audience: [], scopes: ['control-plane/kill'] },
  }),
  route({
    payload: '2.0',
    method: 'POST',
    path: '/engine/v1/strategies/{id}/lease',
    functionName: 'Lease',
    authorizer: { issuer, audience: ['btc-momentum-1'], scopes: ['engine/lease'] },
  }),
];

const problemIn = async (reply: Response) =>
  (await reply.json()) as { code?: string; status?: number; title?: string; next?: string };

describe('the gateway', () => {
  const invoked: { name: string; event: Record<string, unknown> }[] = [];
  const faults: string[] = [];
  let answer: InvokeResult = { failed: false, payload: '{"statusCode":200,"body":"ok"}' };
  let gateway: ReturnType<typeof createGateway>;
  let sign: (claims: Record<string, unknown>, options?: { iss?: string; forged?: boolean }) => Promise<string>;

  before(async () => {
    const [good, foreign] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
    const jwks = { keys: [{ ...(await exportJWK(good.publicKey)), kid: 'k', alg: 'RS256', use: 'sig' }] };
    sign = (claims, { iss = issuer, forged = false } = {}) =>
      new SignJWT({ exp: seconds + 600, iat: seconds, ...claims })
        .setProtectedHeader({ alg: 'RS256', kid: 'k' })
        .setIssuer(iss)
        .sign(forged ? foreign.privateKey : good.privateKey);
    gateway = createGateway({
      routes,
      problems: new Map([
        ['UNAUTHORIZED', { status: 401, body: { type: 'about:blank', title: 'No valid token', next: 'log in' } }],
      ]),
      verify: verifyAccessToken(jwks, () => now),
      async invoke(name, event) {
        invoked.push({ name, event: JSON.parse(event) });
        return answer;
      },
      now: () => now,
      account: '000000000000',
      onFault: (what) => faults.push(what),
    });
  });
  const ask = async (path: string, token?: string, init: RequestInit = {}) => {
    invoked.length = 0;
    answer = { failed: false, payload: '{"statusCode":200,"body":"ok"}' };
    const headers = { ...(token && { authorization: `Bearer ${token}` }), ...init.headers };
    return gateway.request(`http://127.0.0.1:4510${path}`, { method: 'POST', ...init, headers });
  };
  const kills = '/v1/strategies/btc-momentum/kills';

  it('calls the function of the route with its path parameters and the claims of the token', async () => {
    const token = await sign({ sub: 'u-1', scope: 'openid control-plane/kill' });
    const reply = await ask(kills, token, { body: '{}' });

    assert.deepEqual([reply.status, await reply.text()], [200, 'ok']);
    assert.equal(invoked[0]?.name, 'Kill');
    assert.deepEqual(invoked[0]?.event['pathParameters'], { id: 'btc-momentum' });
  });

  it('serves an open route without a token', async () => {
    const reply = await ask('/docs', undefined, { method: 'GET' });

    assert.deepEqual([reply.status, invoked[0]?.name], [200, 'Query']);
  });

  const refused: [string, () => Promise<string | undefined>, number, string][] = [
    ['no token', async () => undefined, 401, 'TokenMissing'],
    ['no JWT', async () => 'abc', 401, 'TokenInvalid'],
    ['a forged signature', () => sign({ scope: 'control-plane/kill' }, { forged: true }), 401, 'TokenInvalid'],
    ['a foreign issuer', () => sign({ scope: 'control-plane/kill' }, { iss: 'http://evil' }), 401, 'TokenInvalid'],
    ['an expired token', () => sign({ scope: 'control-plane/kill', exp: seconds - 1 }), 401, 'TokenExpired'],
    ['a token without the scope', () => sign({ scope: 'control-plane/read' }), 403, 'NotPermitted'],
  ];
  for (const [what, token, status, code] of refused) {
    it(`refuses ${what} with ${status} ${code}, and calls nobody`, async () => {
      const reply = await ask(kills, await token(), { body: 'x'.repeat(100) });
      const problem = await problemIn(reply);

      assert.deepEqual([reply.status, problem.code, problem.status], [status, code, status]);
      assert.equal(reply.headers.get('content-type'), 'application/problem+json');
      assert.equal(invoked.length, 0);
    });
  }

  it('speaks in the words of the template where it has any', async () => {
    const problem = await problemIn(await ask(kills));

    assert.deepEqual([problem.title, problem.next], ['No valid token', 'log in']);
  });

  it('lets only its own clients through to an HTTP API, by aud or client_id', async () => {
    const scope = 'engine/lease';
    const lease = '/engine/v1/strategies/btc-momentum/lease';

    assert.equal((await ask(lease, await sign({ scope, client_id: 'btc-momentum-1' }))).status, 200);
    assert.equal((await ask(lease, await sign({ scope, aud: ['btc-momentum-1'] }))).status, 200);
    assert.equal((await ask(lease, await sign({ scope, client_id: 'operator' }))).status, 401);
  });

  it('refuses a body that Lambda would not take', async () => {
    const token = await sign({ scope: 'control-plane/kill' });
    const reply = await ask(kills, token, { body: 'x'.repeat(3_000_001) });

    assert.deepEqual([reply.status, (await problemIn(reply)).code, invoked.length], [413, 'BodyTooLarge', 0]);
  });

  it('knows no other route or method', async () => {
    assert.equal((await ask('/v1/nothing')).status, 404);
    assert.equal((await ask(kills, undefined, { method: 'GET' })).status, 404);
  });

  it('answers 502 and tells the log when the function fails or answers malformed', async () => {
    for (const payload of ['{"errorType":"Sandbox.Timedout","errorMessage":"late"}', '{"no":"status"}', 'null']) {
      const pending = ask('/docs', undefined, { method: 'GET' });
      answer = { failed: payload.includes('errorType'), payload };
      const reply = await pending;

      assert.deepEqual([reply.status, (await problemIn(reply)).code], [502, 'Fault']);
    }
    assert.equal(faults.length, 3);
  });
});
