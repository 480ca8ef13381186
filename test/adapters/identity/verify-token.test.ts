import assert from 'node:assert/strict';
import { before, beforeEach, describe, it } from 'node:test';
import { exportJWK, generateKeyPair, type JSONWebKeySet, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { createTokenVerifier } from '../../../adapters/identity/verify-token.ts';

const ISSUER = 'https://issuer.example/pool';
const NOW = new Date('2026-11-24T12:00:00.000Z');
const SECONDS = NOW.getTime() / 1000;

const claims = {
  sub: 'sub-1',
  token_use: 'access',
  client_id: 'operators',
  scope: 'control-plane/read control-plane/kill',
  'cognito:groups': ['risk-officer', 'a-group-of-somebody-else'],
  acr: 'urn:cognito:loa:2',
  amr: ['pwd', 'otp'],
  auth_time: SECONDS - 30,
  iat: SECONDS - 30,
  exp: SECONDS + 570,
  iss: ISSUER,
};

type Key = Awaited<ReturnType<typeof generateKeyPair>>;

describe('verify', () => {
  const keys = new Map<string, Key>();
  const requests: string[] = [];
  let published: string[] = [];
  let answer: 'keys' | 'down' | 503 = 'keys';

  before(async () => {
    for (const alg of ['RS256', 'PS256', 'ES256', 'EdDSA', 'RS512'])
      keys.set(alg, await generateKeyPair(alg, { extractable: true }));
    keys.set('other', await generateKeyPair('RS256', { extractable: true }));
  });
  beforeEach(() => {
    published = ['RS256'];
    requests.length = 0;
    answer = 'keys';
  });

  const fetchKeys = async (url: string | URL | Request) => {
    requests.push(String(url));
    if (answer === 'down') throw new TypeError('fetch failed');
    const jwks = published.map(async (kid) => ({ ...(await exportJWK(keys.get(kid)!.publicKey)), kid }));
    return Response.json({ keys: await Promise.all(jwks) }, { status: answer === 503 ? 503 : 200 });
  };
  const sign = (payload: JWTPayload, alg = 'RS256', kid = alg) =>
    new SignJWT(payload).setProtectedHeader({ alg, kid }).sign(keys.get(kid)!.privateKey);
  const verifier = (at: { now: Date } = { now: NOW }, clientId: string | undefined = 'operators') =>
    createTokenVerifier({ issuer: ISSUER, clientId, fetch: fetchKeys as typeof fetch, now: () => at.now });

  it('answers who calls: subject, the roles we know, scopes, and how and when they logged in', async () => {
    const caller = await verifier()(await sign(claims));

    assert.deepEqual(caller, {
      subject: 'sub-1',
      roles: ['risk-officer'],
      scopes: ['control-plane/read', 'control-plane/kill'],
      acr: 'urn:cognito:loa:2',
      amr: ['pwd', 'otp'],
      authTime: NOW.getTime() - 30_000,
    });
    assert.deepEqual(requests, [`${ISSUER}/.well-known/jwks.json`]);
  });

  it('takes the tokens of an engine, which has no groups and no second factor', async () => {
    const { sub, token_use, iat, exp, iss } = claims;
    const token = await sign({ sub, token_use, iat, exp, iss, client_id: 'btc-momentum-1', scope: 'engine/lease' });

    const caller = await createTokenVerifier({ issuer: ISSUER, fetch: fetchKeys as typeof fetch, now: () => NOW })(
      token,
    );

    assert.deepEqual(caller, { subject: 'sub-1', roles: [], scopes: ['engine/lease'], amr: [] });
  });

  for (const alg of ['RS256', 'PS256', 'ES256', 'EdDSA'])
    it(`accepts ${alg}`, async () => {
      published = [alg];

      assert.equal((await verifier()(await sign(claims, alg))).subject, 'sub-1');
    });

  it('reads the keys once, and again only for a key it does not know', async () => {
    const verify = verifier();
    await verify(await sign(claims));
    await verify(await sign(claims));
    await assert.rejects(verify(await sign(claims, 'RS256', 'other')), { name: 'TokenInvalid' });

    assert.equal(requests.length, 1); // within the cool-down an unknown key is refused without asking
  });

  it('goes on with the keys it has when the provider is away for hours', async () => {
    const at = { now: NOW };
    const verify = verifier(at);
    await verify(await sign(claims));
    answer = 'down';
    at.now = new Date(NOW.getTime() + 4 * 3_600_000);
    const later = { ...claims, iat: claims.iat + 14_400, exp: claims.exp + 14_400 };

    assert.equal((await verify(await sign(later))).subject, 'sub-1');
    assert.equal((await verify(await sign(later))).subject, 'sub-1');
    assert.equal(requests.length, 2);
  });

  for (const state of ['down', 503] as const)
    it(`says that the provider cannot be reached (${state}), not that the token is wrong`, async () => {
      answer = state;

      await assert.rejects(verifier()(await sign(claims)), { name: 'IdentityUnreachable' });
    });

  describe('on the kill path, with what was kept of the keys', () => {
    const kept = async (...kids: string[]) => ({
      keys: await Promise.all(kids.map(async (kid) => ({ ...(await exportJWK(keys.get(kid)!.publicKey)), kid }))),
    });
    const withKept = (
      snapshot: () => Promise<JSONWebKeySet | undefined>,
      ask: typeof fetch = fetchKeys as typeof fetch,
    ) => createTokenVerifier({ issuer: ISSUER, clientId: 'operators', fetch: ask, now: () => NOW, snapshot });

    for (const state of ['down', 503] as const)
      it(`checks a token when the provider cannot be reached (${state})`, async () => {
        answer = state;

        assert.equal((await withKept(() => kept('RS256'))(await sign(claims))).subject, 'sub-1');
      });

    it('checks a token when the provider hangs', async () => {
      const hangs = (() => new Promise(() => {})) as typeof fetch;

      assert.equal((await withKept(() => kept('RS256'), hangs)(await sign(claims))).subject, 'sub-1');
    });

    it('refuses a forged token then too', async () => {
      answer = 'down';
      const forged = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid: 'RS256' })
        .sign(keys.get('other')!.privateKey);

      await assert.rejects(withKept(() => kept('RS256'))(forged), { name: 'TokenInvalid' });
    });

    it('takes the word of the provider, where it gives one, before what was kept', async () => {
      published = ['RS256'];

      await assert.rejects(withKept(() => kept('other'))(await sign(claims, 'RS256', 'other')), {
        name: 'TokenInvalid',
      });
    });

    it('says that the provider cannot be reached when nothing was kept, or that cannot be read', async () => {
      answer = 'down';
      const nothing = [async () => undefined, () => Promise.reject(new Error('the store is away'))];
      for (const snapshot of nothing)
        await assert.rejects(withKept(snapshot)(await sign(claims)), { name: 'IdentityUnreachable' });
    });
  });

  it('takes a token of the near future for a kill, where our clock is behind, and says by how much', async () => {
    const ahead = { ...claims, iat: SECONDS + 600, nbf: SECONDS + 600, exp: SECONDS + 1200 };
    const token = await sign(ahead);

    assert.equal((await verifier()(token, { toleranceMs: 900_000 })).aheadMs, 600_000);
    await assert.rejects(verifier()(token), { name: 'TokenInvalid' });
    const far = await sign({ ...claims, iat: SECONDS + 901, exp: SECONDS + 1500 });
    await assert.rejects(verifier()(far, { toleranceMs: 900_000 }), { name: 'TokenInvalid' });
  });

  it('refuses a missing token', async () => {
    for (const none of [undefined, '']) await assert.rejects(verifier()(none), { name: 'TokenMissing' });
  });

  it('refuses what is no token, or far too long', async () => {
    for (const junk of ['x', 'a.b.c', '..', `${await sign(claims)}x`, 'x'.repeat(9000), '{"sub":"me"}'])
      await assert.rejects(verifier()(junk), { name: 'TokenInvalid' }, junk.slice(0, 20));
  });

  it('refuses a forged signature, alg none, HMAC with the public key, and an algorithm that is not on the list', async () => {
    published = ['RS256', 'RS512'];
    const [header, , signature] = (await sign(claims)).split('.');
    const forged = `${header}.${btoa(JSON.stringify({ ...claims, sub: 'me' })).replace(/=+$/, '')}.${signature}`;
    const none = new UnsecuredJWT(claims).encode();
    const modulus = (await exportJWK(keys.get('RS256')!.publicKey)).n ?? '';
    const hmac = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'RS256' })
      .sign(Buffer.from(modulus));

    for (const token of [forged, none, hmac, await sign(claims, 'RS512')])
      await assert.rejects(verifier()(token), { name: 'TokenInvalid' });
  });

  for (const [why, change] of Object.entries({
    'of another issuer': { iss: 'https://issuer.example/other' },
    'of another client': { client_id: 'btc-momentum-1' },
    'that is an ID token': { token_use: 'id' },
    'without a subject': { sub: '' },
    'issued in the future': { iat: SECONDS + 120 },
    'not valid yet': { nbf: SECONDS + 60 },
    'that never expires': { exp: undefined },
    'with groups that are no list': { 'cognito:groups': 'risk-officer' },
  }))
    it(`refuses a token ${why}`, async () => {
      const token = await sign({ ...claims, ...change } as JWTPayload);

      await assert.rejects(verifier()(token), { name: 'TokenInvalid', code: 'TokenInvalid' });
    });

  it('refuses an expired token, also in the very second', async () => {
    for (const exp of [SECONDS, SECONDS - 1, SECONDS - 3600])
      await assert.rejects(verifier()(await sign({ ...claims, exp })), { name: 'TokenExpired' });
  });

  it('lets an expired token pass where that is tolerated, and says by how much', async () => {
    const token = await sign({ ...claims, exp: SECONDS - 600 });

    assert.equal((await verifier()(token, { toleranceMs: 900_000 })).expiredForMs, 600_000);
    await assert.rejects(verifier()(token, { toleranceMs: 599_000 }), { name: 'TokenExpired' });
  });

  it('tolerates no more than 15 minutes, whatever it is asked, and nothing but the expiry', async () => {
    const old = await sign({ ...claims, exp: SECONDS - 901 });
    const foreign = await sign({ ...claims, exp: SECONDS - 1, client_id: 'other' });

    await assert.rejects(verifier()(old, { toleranceMs: 86_400_000 }), { name: 'TokenExpired' });
    await assert.rejects(verifier()(foreign, { toleranceMs: 900_000 }), { name: 'TokenInvalid' });
  });

  it('never repeats the token in what it says', async () => {
    const token = await sign({ ...claims, iss: 'elsewhere' });

    await assert.rejects(verifier()(token), (error: Error) => !JSON.stringify([error.message, error]).includes(token));
  });
});
