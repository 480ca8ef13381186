import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { browser, codeAt, codeRequest, logIn, tokenRequest } from './code-flow.ts';
import { CLIENT_ID, ENGINE, type IdentityServer, startIdentity } from './identity-server.ts';

describe('the local identity provider', () => {
  let server: IdentityServer;

  before(async () => {
    server = await startIdentity();
  });
  beforeEach(() => server.pass(120_000));
  after(() => server.end());

  const fullLogin = async (name: string, extra: Record<string, string> = {}, person = browser()) => {
    const user = server.user(name);
    const request = codeRequest(server.issuer, extra);
    return request.exchange(await logIn(person, request.url, user, codeAt(user, server.now())));
  };

  for (const [name, group] of Object.entries({
    trader: 'execution-trader',
    trader2: 'execution-trader',
    risk: 'risk-officer',
    risk2: 'risk-officer',
    quant: 'quant',
    sre: 'sre',
    auditor: 'auditor',
  })) {
    it(`logs ${name} in with password and one-time code, and says so as Cognito does`, async () => {
      const { status, body, claims } = await fullLogin(name);

      assert.equal(status, 200);
      assert.equal(body['expires_in'], 600);
      assert.ok(body['refresh_token']);
      const { jti, iat, exp, ...rest } = claims;
      assert.equal((exp ?? 0) - (iat ?? 0), 600);
      assert.ok(jti);
      assert.ok(Math.abs(Number(rest['auth_time']) - server.now().getTime() / 1000) < 5);
      assert.deepEqual(rest, {
        iss: server.issuer,
        sub: server.user(name).subject,
        aud: CLIENT_ID,
        client_id: CLIENT_ID,
        scope: 'control-plane/read control-plane/operate control-plane/kill',
        token_use: 'access',
        'cognito:groups': [group],
        acr: 'urn:cognito:loa:2',
        amr: ['pwd', 'otp'],
        auth_time: rest['auth_time'],
      });
    });
  }

  it('names nobody in the subject', () => {
    for (const { subject, name } of server.identity().demoUsers) {
      assert.match(subject, /^sub-[0-9a-f]{24}$/);
      assert.ok(!subject.includes(name));
    }
  });

  it('gives an engine a token for leases, bound to its instance', async () => {
    const basic = `Basic ${btoa(`${ENGINE.clientId}:${ENGINE.clientSecret}`)}`;
    const form = { grant_type: 'client_credentials', scope: 'engine/lease' };

    const { status, claims } = await tokenRequest(server.issuer, form, { authorization: basic });

    assert.equal(status, 200);
    assert.deepEqual(
      { ...claims, iat: 0, exp: 0, jti: '' },
      {
        ...{ iat: 0, exp: 0, jti: '', token_use: 'access', iss: server.issuer, scope: 'engine/lease' },
        ...{ sub: ENGINE.clientId, client_id: ENGINE.clientId, aud: ENGINE.clientId },
      },
    );
  });

  it('refuses an engine with a wrong secret, or one that asks for what operators may', async () => {
    const form = { grant_type: 'client_credentials' };
    const basic = (secret: string) => ({ authorization: `Basic ${btoa(`${ENGINE.clientId}:${secret}`)}` });

    const wrong = await tokenRequest(server.issuer, { ...form, scope: 'engine/lease' }, basic('guessed'));
    const greedy = await tokenRequest(
      server.issuer,
      { ...form, scope: 'control-plane/kill' },
      basic(ENGINE.clientSecret),
    );

    assert.deepEqual([wrong.status, wrong.body['error']], [401, 'invalid_client']);
    assert.deepEqual([greedy.status, greedy.body['error']], [400, 'invalid_scope']);
  });

  it('refuses a code without its verifier, a second use of it, and a foreign redirect', async () => {
    const user = server.user('quant');
    const request = codeRequest(server.issuer);
    const end = await logIn(browser(), request.url, user, codeAt(user, server.now()));
    const used = await request.exchange(end);
    const again = await request.exchange(end);
    const other = codeRequest(server.issuer, { redirect_uri: 'http://127.0.0.1:50000/elsewhere' });
    const foreign = await browser().visit(other.url);
    const bare = new URL(codeRequest(server.issuer).url);
    bare.searchParams.delete('code_challenge');
    const unproven = await browser().visit(bare);

    assert.equal(used.status, 200);
    assert.deepEqual([again.status, again.body['error']], [400, 'invalid_grant']);
    assert.equal(foreign.status, 400);
    assert.match(foreign.html, /redirect_uri/);
    assert.equal(unproven.url.searchParams.get('error'), 'invalid_request');
  });

  it('keeps a session for the browser, and renews auth_time only when the person is asked again', async () => {
    const person = browser();
    const first = await fullLogin('sre', {}, person);
    server.pass(60_000);
    const silent = codeRequest(server.issuer);
    const second = await silent.exchange(await person.visit(silent.url));
    const third = await fullLogin('sre', { prompt: 'login' }, person);
    server.pass(60_000);
    const fourth = await fullLogin('sre', { acr_values: 'urn:cognito:loa:3' }, person);

    assert.equal(second.claims['auth_time'], first.claims['auth_time']);
    assert.ok(Number(third.claims['auth_time']) >= Number(first.claims['auth_time']) + 60);
    assert.ok(Number(fourth.claims['auth_time']) >= Number(third.claims['auth_time']) + 60);
    assert.equal(fourth.claims['acr'], 'urn:cognito:loa:2');
  });

  it('asks again when the login is older than max_age, and not when it is younger', async () => {
    const person = browser();
    const first = await fullLogin('risk', {}, person);
    server.pass(290_000);
    const young = await person.visit(codeRequest(server.issuer, { max_age: '300' }).url);
    server.pass(20_000);
    const old = await person.visit(codeRequest(server.issuer, { max_age: '300', login_hint: 'risk' }).url);
    const fresh = await fullLogin('risk', { max_age: '300' }, person);

    assert.ok(young.url.searchParams.get('code'));
    assert.equal(old.status, 200);
    assert.match(old.html, /data-step="password"/);
    assert.match(old.html, /value="risk"/);
    assert.equal(Number(fresh.claims['auth_time']) - Number(first.claims['auth_time']), 310);
  });

  it('forgets a browser session after twelve hours, and a refresh token too', async () => {
    const person = browser();
    const { body } = await fullLogin('sre', {}, person);
    server.pass(12 * 3_600_000 + 60_000);
    const { html } = await person.visit(codeRequest(server.issuer).url);
    const form = { grant_type: 'refresh_token', client_id: CLIENT_ID, refresh_token: body['refresh_token'] ?? '' };
    const refreshed = await tokenRequest(server.issuer, form);

    assert.match(html, /data-step="password"/);
    assert.equal(refreshed.body['error'], 'invalid_grant');
  });

  it('lets another person log in where somebody else still is, without a page in between', async () => {
    const person = browser();
    const first = await fullLogin('trader', {}, person);
    const second = await fullLogin('auditor', { prompt: 'login' }, person);

    assert.equal(first.claims.sub, server.user('trader').subject);
    assert.equal(second.claims.sub, server.user('auditor').subject);
  });

  it('refreshes without renewing auth_time, once per refresh token, across a restart', async () => {
    const { body, claims } = await fullLogin('trader2');
    const form = { grant_type: 'refresh_token', client_id: CLIENT_ID, refresh_token: body['refresh_token'] ?? '' };
    await server.restart();

    const refreshed = await tokenRequest(server.issuer, form);
    const again = await tokenRequest(server.issuer, form);

    assert.equal(refreshed.status, 200);
    assert.notEqual(refreshed.body['refresh_token'], form.refresh_token);
    for (const claim of ['sub', 'auth_time', 'acr', 'amr', 'scope', 'cognito:groups'])
      assert.deepEqual(refreshed.claims[claim], claims[claim], claim);
    assert.deepEqual([again.status, again.body['error']], [400, 'invalid_grant']);
  });

  it('keeps users, keys and browser sessions across a restart, in files that only the owner can read', async () => {
    const person = browser();
    await fullLogin('quant', {}, person);
    const { demoUsers, jwks } = server.identity();
    const after = await server.restart();
    const silent = codeRequest(server.issuer);
    const second = await silent.exchange(await person.visit(silent.url));

    assert.deepEqual([after.demoUsers, after.jwks], [demoUsers, jwks]);
    assert.equal(second.status, 200);
    for (const file of ['demo-users.json', 'identity/keys.json', 'identity/identity.db'])
      assert.equal((await stat(join(server.dataPath, file))).mode & 0o777, 0o600, file);
    const saved = JSON.parse(await readFile(join(server.dataPath, 'demo-users.json'), 'utf8'));
    assert.deepEqual(saved, demoUsers);
  });

  it('names only its own address, whatever the caller calls this machine', async () => {
    const port = new URL(server.issuer).port;
    const reply = await fetch(`http://localhost:${port}/oidc/.well-known/openid-configuration`);
    const discovery = JSON.stringify(await reply.json());

    assert.ok(!discovery.includes('localhost'));
    assert.ok(discovery.includes(`${server.issuer}/.well-known/jwks.json`));
  });

  it('has met no fault in all this', () => assert.deepEqual(server.faults, []));
});
