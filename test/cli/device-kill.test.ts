import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { CliError } from '../../cli/cli-error.ts';
import { listen } from '../../engine-sim/program/listen.ts';
import { runCommand } from './run-command.ts';
import { type StandIn, standInControlPlane } from './stand-in-control-plane.ts';

const KILLED = {
  ...{ runId: 'kill-btc-momentum-20261123-0123456789ab', mode: 'KILLED', epoch: 4, status: 'halted', latched: true },
  ...{ spooled: false, instances: [], leaseBoundMs: 5000, summary: 'btc-momentum is latched', wayBack: 'confirm it' },
};
const noLogin = () => Promise.reject(new CliError('unauthenticated', 'nobody is logged in', 'log in'));

describe('kill with a device', () => {
  let plane: StandIn;
  let data = '';
  let device: 'active' | 'refused' = 'active';
  let engineUrl = 'http://127.0.0.1:9';
  const cli = (...args: string[]) => runCommand([...args, '--data', data, '--url', plane.url, '--output', 'jsonl']);
  const without = (...args: string[]) =>
    runCommand([...args, '--data', data, '--url', plane.url, '--output', 'jsonl'], { accessToken: noLogin });
  const asked = () => plane.requests.filter(({ method }) => method === 'POST').map(({ path }) => path);

  before(async () => {
    data = await mkdtemp(join(tmpdir(), 'device-cli-'));
    plane = await standInControlPlane((app) => {
      app.post('/v1/device-kills', (context) =>
        device === 'active'
          ? context.json(KILLED, 202)
          : context.json({ code: 'DeviceRevoked', detail: 'the key was revoked', next: 'kill with a login' }, 403),
      );
      app.post('/v1/devices', (context) =>
        context.json({
          device: {
            id: 'device:laptop',
            status: 'proposed',
            label: 'laptop',
            enrolledBy: 'sub',
            enrolledAt: 'x',
            publicKey: 'k',
          },
          summary: 'device:laptop is enrolled',
        }),
      );
      app.get('/v1/engines', (context) =>
        context.json({
          engines: [
            {
              strategyId: 'btc-momentum',
              instanceId: 'btc-1',
              controlUrl: `${engineUrl}/btc-1`,
              scopes: ['all'],
            },
          ],
        }),
      );
    });
  });
  after(async () => {
    await plane.close();
    await rm(data, { recursive: true });
  });
  beforeEach(() => {
    device = 'active';
    plane.requests.length = 0;
  });

  it('fails as it did before where this machine holds no key', async () => {
    assert.equal((await without('kill', '--strategy', 'btc-momentum')).code, 11);
    assert.equal((await cli('kill', '--strategy', 'btc-momentum', '--device', 'laptop')).code, 2);
    assert.equal((await cli('kill', '--direct', '--strategy', 'btc-momentum')).code, 2);
    assert.deepEqual(asked(), []);
  });

  it('makes a key that nobody else can read, once, and keeps where the engines are', async () => {
    assert.equal((await cli('device', 'create', '--name', 'laptop')).code, 0);
    const path = join(data, 'devices', 'keys', 'laptop.json');
    const { mtimeMs, mode } = await stat(path);

    assert.equal((await cli('device', 'create', '--name', 'laptop')).code, 0);

    assert.deepEqual([mode & 0o777, (await stat(path)).mtimeMs], [0o600, mtimeMs]);
    assert.deepEqual(await readdir(join(data, 'devices')), ['engines.json', 'keys']);
  });

  it('takes the login first, and signs where there is none', async () => {
    assert.equal((await cli('kill', '--strategy', 'btc-momentum')).code, 0);
    assert.deepEqual(asked(), ['/v1/strategies/btc-momentum/kills']);

    const { code, stderr } = await without('kill', '--strategy', 'btc-momentum', '--reason', 'r');

    assert.equal(code, 0, stderr);
    assert.deepEqual(asked().slice(1), ['/v1/device-kills']);
    const { authorization, body } = plane.requests.at(-1)!;
    assert.deepEqual([authorization, body], [undefined, { strategy: 'btc-momentum', reason: 'r' }]);
  });

  it('tries no login where the device is named, and says what the control plane says of it', async () => {
    device = 'refused';

    const { code, stderr } = await cli('kill', '--strategy', 'btc-momentum', '--device', 'laptop');

    assert.deepEqual([code, asked()], [12, ['/v1/device-kills']]);
    assert.match(stderr, /the key was revoked/);
  });

  it('says of engines that nobody reaches that they are not known to be halted, writes it down, and tells it', async () => {
    const { code, stderr } = await cli('kill', '--direct', '--scope', 'ALL', '--device', 'laptop');

    assert.equal(code, 17);
    assert.match(stderr, /btc-1 unreachable/);
    assert.match(stderr, /not known to be halted: btc-1/);
    assert.deepEqual(asked(), ['/v1/device-kills']);
    const { direct } = Object(plane.requests.at(-1)?.body);
    assert.deepEqual([direct.engines[0].status, direct.engines[0].instanceId], ['unreachable', 'btc-1']);
    const [kept] = await readdir(join(data, 'devices', 'direct-kills'));
    assert.match(kept ?? '', /\.reported$/);
  });

  it('is told by the next command that reaches the control plane, when it could not be told at once', async () => {
    device = 'refused';
    await cli('kill', '--direct', '--strategy', 'btc-momentum', '--device', 'laptop');
    device = 'active';
    plane.requests.length = 0;

    const { code, stderr } = await cli('device', 'sync');

    assert.equal(code, 0, stderr);
    assert.match(stderr, /the direct kill of .* is recorded/);
    assert.deepEqual(asked(), ['/v1/device-kills']);
    assert.equal((await cli('kill', '--direct', '--report')).code, 0);
  });

  it('tells of each whatever becomes of the others, and names what could not be told and how it can be', async () => {
    device = 'refused';
    for (const strategy of ['btc-momentum', 'btc-momentum'])
      await cli('kill', '--direct', '--strategy', strategy, '--device', 'laptop');

    const { code, stderr } = await cli('kill', '--direct', '--report');

    assert.equal(code, 12);
    assert.equal(stderr.match(/could not be told: the key was revoked/g)?.length, 2);
    assert.match(stderr, /add --device <name> to have another device tell it/);
    device = 'active';
    assert.equal((await cli('kill', '--direct', '--report', '--device', 'laptop')).code, 0);
  });

  it('only reminds of one that is older than a day, since telling of it kills again', async () => {
    device = 'refused';
    await cli('kill', '--direct', '--strategy', 'btc-momentum', '--device', 'laptop');
    device = 'active';
    const folder = join(data, 'devices', 'direct-kills');
    const [name = ''] = (await readdir(folder)).filter((each) => each.endsWith('.json'));
    const kept = await readFile(join(folder, name), 'utf8');
    await writeFile(
      join(folder, name),
      kept.replace(/"decidedAt": ?"[^"]+"/, '"decidedAt":"2026-11-01T10:00:00.000Z"'),
    );
    plane.requests.length = 0;

    const { code, stderr } = await cli('device', 'sync');

    assert.equal(code, 0, stderr);
    assert.match(stderr, /was never told: kill --direct --report tells it, which kills again/);
    assert.deepEqual(asked(), []);
    await rm(join(folder, name));
  });

  it('has written it down before the first engine hears of it', async () => {
    const written: string[][] = [];
    const engine = await listen(async () => {
      written.push((await readdir(join(data, 'devices', 'direct-kills'))).filter((name) => name.endsWith('.json')));
      return Response.json({ halted: true, haltedAt: '2026-11-23T14:05:09.000Z', openOrders: 2 });
    }, 0);
    engineUrl = engine.url;
    await cli('device', 'sync');

    const { code, stderr } = await cli('kill', '--direct', '--strategy', 'btc-momentum', '--device', 'laptop');

    await engine.close();
    assert.deepEqual([code, written.map(({ length }) => length)], [0, [1]], stderr);
    assert.match(stderr, /btc-1 says that it halted at 2026-11-23 14:05:09Z; 2 orders rested/);
  });

  it('knows no engine of what is not in its list', async () => {
    assert.equal((await cli('kill', '--direct', '--strategy', 'other', '--device', 'laptop')).code, 2);
  });
});
