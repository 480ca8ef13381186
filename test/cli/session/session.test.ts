import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { type SessionOptions, session } from '../../../cli/session/session.ts';
import { browser, codeAt } from '../../local/identity/code-flow.ts';
import { CLIENT_ID, type IdentityServer, startIdentity } from '../../local/identity/identity-server.ts';

describe('session', () => {
  let server: IdentityServer;
  let configPath: string;
  let told: string[];

  beforeEach(async () => {
    server = await startIdentity();
    configPath = await mkdtemp(join(tmpdir(), 'config-'));
    told = [];
    const local = { url: new URL(server.issuer).origin, issuer: server.issuer, clientId: CLIENT_ID };
    await writeFile(join(server.dataPath, 'local.json'), JSON.stringify(local));
  });
  afterEach(async () => {
    await server.end();
    await rm(configPath, { recursive: true, force: true });
  });

  const options = (more: Partial<SessionOptions> = {}): SessionOptions => ({
    dataPath: server.dataPath,
    configPath,
    scopes: ['control-plane/read'],
    now: server.now,
    sleep: (ms) => delay(Math.min(ms, 20)),
    tell: (line) => told.push(line),
    ...more,
  });
  const as = (name: string, more: Partial<SessionOptions> = {}) => session(options({ as: name, ...more }));

  for (const name of ['trader', 'trader2', 'risk', 'risk2', 'quant', 'sre', 'auditor'])
    it(`logs ${name} in without a browser, through the same pages`, async () => {
      const { token, subject } = await as(name);
      const claims = decodeJwt(token);

      assert.equal(subject, server.user(name).subject);
      assert.equal(claims.sub, subject);
      assert.equal(claims['acr'], 'urn:cognito:loa:2');
      assert.equal(claims['scope'], 'control-plane/read control-plane/operate control-plane/kill');
    });

  it('keeps one login for all commands of a person, readable by its owner only', async () => {
    const first = await as('trader');
    const second = await as('trader', { scopes: ['control-plane/kill'] });
    const file = await stat(join(server.dataPath, 'sessions', 'trader.json'));

    assert.equal(second.token, first.token);
    assert.equal(file.mode & 0o777, 0o600);
    assert.deepEqual(await readdir(join(server.dataPath, 'sessions')), ['trader.json']);
  });

  it('refreshes shortly before the expiry, without a new login', async () => {
    const first = await as('trader');
    server.pass(575_000);
    const second = await as('trader');

    assert.notEqual(second.token, first.token);
    assert.equal(decodeJwt(second.token)['auth_time'], decodeJwt(first.token)['auth_time']);
  });

  it('stays logged in when the host is started again', async () => {
    await as('sre');
    await server.restart();
    server.pass(600_000);

    assert.equal((await as('sre')).subject, server.user('sre').subject);
  });

  it('logs in anew when a fresh second factor is demanded, and only then', async () => {
    const first = await as('risk');
    server.pass(100_000);
    const fresh = await as('risk', { freshWithinSeconds: 180 });
    server.pass(100_000);
    const renewed = await as('risk', { freshWithinSeconds: 180 });

    assert.equal(fresh.token, first.token);
    assert.equal(Number(decodeJwt(renewed.token)['auth_time']) - Number(decodeJwt(first.token)['auth_time']), 200);
  });

  it('does not let a refresh pass for a fresh second factor', async () => {
    await as('risk');
    server.pass(580_000);
    await as('risk');
    const fresh = await as('risk', { freshWithinSeconds: 180 });

    assert.equal(decodeJwt(fresh.token)['auth_time'], Math.floor(server.now().getTime() / 1000));
  });

  it('logs in three times at once, then waits for the next one-time code and says so', async () => {
    const forget = () => rm(join(server.dataPath, 'sessions'), { recursive: true, force: true });
    const sleep = async (ms: number) => server.pass(ms);
    for (let login = 0; login < 3; login += 1) {
      await as('trader', { sleep });
      await forget();
    }
    const before = server.now().getTime();
    const { subject } = await as('trader', { sleep });

    assert.equal(subject, server.user('trader').subject);
    assert.ok(server.now().getTime() > before);
    assert.match(told.join('\n'), /^trader has used up the one-time codes .* waiting \d+ s/);
  });

  it('lets commands of one person that start together share one login and one refresh', async () => {
    const tokens = await Promise.all([as('quant'), as('quant'), as('quant')]);
    server.pass(580_000);
    const refreshed = await Promise.all([as('quant'), as('quant'), as('quant')]);

    assert.equal(new Set(tokens.map(({ token }) => token)).size, 1);
    assert.equal(new Set(refreshed.map(({ token }) => token)).size, 1);
    assert.equal(decodeJwt(refreshed[0]!.token)['auth_time'], decodeJwt(tokens[0]!.token)['auth_time']);
  });

  it('takes over the lock of a command that is gone, and a damaged file for no login', async () => {
    await as('trader');
    await writeFile(join(server.dataPath, 'sessions', 'trader.json'), '{');
    await writeFile(join(server.dataPath, 'sessions', 'trader.json.lock'), '999999999');

    assert.equal((await as('trader')).subject, server.user('trader').subject);
  });

  it('logs in anew when the provider does not know the refresh token any more', async () => {
    const first = await as('trader');
    server.pass(13 * 3_600_000);
    const second = await as('trader');

    assert.ok(Number(decodeJwt(second.token)['auth_time']) > Number(decodeJwt(first.token)['auth_time']));
  });

  it('hands a kill the expired token while the provider is away, and nothing else', async () => {
    const first = await as('trader');
    await server.stop();
    server.pass(660_000);
    const kill = await as('trader', { scopes: ['control-plane/kill'] });

    assert.equal(kill.token, first.token);
    await assert.rejects(as('trader'), { exit: 'unreachable', code: 'IdentityUnreachable' });
    server.pass(840_000);
    await assert.rejects(as('trader', { scopes: ['control-plane/kill'] }), { code: 'IdentityUnreachable' });
  });

  it('does not make a kill wait for a login that somebody else leaves open', async () => {
    const first = await as('trader');
    server.pass(610_000);
    await writeFile(join(server.dataPath, 'sessions', 'trader.json.lock'), String(process.pid));
    const kill = await as('trader', { scopes: ['control-plane/kill'] });

    assert.equal(kill.token, first.token);
  });

  it('refuses --as away from the local control plane, and says what to do', async () => {
    const remote = { issuer: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_x', clientId: 'c' };

    await assert.rejects(as('trader', { remote }), { exit: 'usage', code: 'NoDemoUsers' });
    await assert.rejects(as('trader', { dataPath: configPath }), { exit: 'usage', code: 'NoDemoUsers' });
    await assert.rejects(session(options({ dataPath: configPath })), {
      exit: 'unauthenticated',
      code: 'IdentityUnknown',
    });
  });

  it('refuses an unknown demo user, and names those there are', async () => {
    await assert.rejects(as('nobody'), {
      exit: 'usage',
      code: 'UnknownDemoUser',
      next: /trader, trader2, risk, risk2, quant/,
    });
  });

  it('tells why the pages did not let a demo user in', async () => {
    const users = server.identity().demoUsers.map((user) => ({ ...user, password: 'changed' }));
    await writeFile(join(server.dataPath, 'demo-users.json'), JSON.stringify(users));

    await assert.rejects(as('trader'), {
      exit: 'unauthenticated',
      message: /did not let trader in: That name and password/,
    });
  });

  it('ends at Ctrl-C', async () => {
    await assert.rejects(as('trader', { interrupted: AbortSignal.abort() }), { exit: 'interrupted' });
  });

  describe('with a browser', () => {
    const person = (name: string) => (url: string) => {
      const user = server.user(name);
      const { visit } = browser();
      void (async () => {
        const { url: form } = await visit(new URL(url));
        await visit(form, { step: 'password', name, password: user.password });
        const end = await visit(form, { step: 'code', code: codeAt(user, server.now()) });
        await visit(end.url);
      })();
    };

    it('comes back to a port of its own, and keeps the login', async () => {
      const { subject, token } = await session(options({ openBrowser: person('auditor') }));
      const again = await session(options({ openBrowser: () => assert.fail('no second login') }));

      assert.equal(subject, server.user('auditor').subject);
      assert.equal(again.token, token);
      assert.match(told[0] ?? '', /^Log in with your browser: http:\/\/127\.0\.0\.1:\d+\/oidc\/authorize\?/);
    });

    it('keeps logins elsewhere in the configuration folder', async () => {
      const remote = { issuer: server.issuer, clientId: CLIENT_ID };
      await session(options({ remote, openBrowser: person('sre') }));

      assert.equal((await readdir(join(configPath, 'sessions'))).length, 1);
    });

    it('is told when the person cancels', async () => {
      const cancelling = (url: string) => {
        const { visit } = browser();
        void (async () => {
          const { url: form } = await visit(new URL(url));
          const end = await visit(form, { step: 'cancel' });
          await visit(end.url);
        })();
      };

      await assert.rejects(session(options({ openBrowser: cancelling })), {
        exit: 'unauthenticated',
        message: 'the login was refused: the login was cancelled',
      });
    });

    it('takes nothing from whoever else knocks at its port', async () => {
      const statuses: number[] = [];
      const stranger = (url: string) => {
        void (async () => {
          const back = new URL(url).searchParams.get('redirect_uri') ?? '';
          for (const path of ['', '?code=x&state=guessed', '/../elsewhere'])
            statuses.push((await fetch(`${back}${path}`)).status);
          person('risk')(url);
        })();
      };
      const { subject } = await session(options({ openBrowser: stranger }));

      assert.deepEqual(statuses, [404, 404, 404]);
      assert.equal(subject, server.user('risk').subject);
    });

    it('ends at Ctrl-C while it waits', async () => {
      const stop = new AbortController();

      await assert.rejects(session(options({ interrupted: stop.signal, openBrowser: () => stop.abort() })), {
        exit: 'interrupted',
      });
    });
  });
});
