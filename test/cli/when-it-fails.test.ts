import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { Hono } from 'hono';
import { simulation } from '../../cli/local-data.ts';
import { harmless } from '../../cli/output/harmless.ts';
import { runCommand } from './run-command.ts';
import { aKill, aStrategy, problem, standInControlPlane } from './stand-in-control-plane.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const open = standInForEachTest();
const data = await mkdtemp(join(tmpdir(), 'tradepulse-cli-'));
after(() => rm(data, { recursive: true }));

describe('a control plane that answers garbage', () => {
  const answer =
    (body: string, status: 200 | 404 | 500 = 200) =>
    (app: Hono) => {
      app.all('*', (c) => c.body(body, status));
    };

  it('is not believed, and what it said is shown', async () => {
    const cases: [string, RegExp][] = [
      [
        '<html>hello</html>',
        /understands: <html>hello<\/html> \[UnexpectedReply\]\n {2}next: use the tradepulse-cli that belongs/,
      ],
      ['', /understands: it is empty/],
      ['{"runs":[{"id":7}]}', /understands: runs 0 id /],
      ['[]', /understands: Invalid input/],
    ];
    for (const [body, said] of cases) {
      const { url, close } = await standInControlPlane(answer(body));
      const { code, stderr } = await runCommand(['runs', '--url', url]);
      await close();

      assert.equal(code, 1);
      assert.match(stderr, said);
    }
  });

  it('gets its errors told by their status when they are no problem details', async () => {
    const { url } = await open(answer('<html>bad gateway</html>', 500));

    const { code, stderr } = await runCommand(['runs', '--url', url]);

    assert.equal(code, 1);
    assert.match(
      stderr,
      /the control plane answered 500 <html>bad gateway<\/html> \[HTTP 500\]\n {2}next: try again; if it stays so/,
    );
    const missing = await open(answer('nothing here', 404));
    assert.match(
      (await runCommand(['runs', '--url', missing.url])).stderr,
      /answered 404 nothing here[\s\S]*next: tradepulse-cli --help/,
    );
  });

  it('is asked again for a kill: such a reply says neither yes nor no', async () => {
    let asked = 0;
    const { url, requests } = await open((app) =>
      app.post('/v1/strategies/:id/kills', (c) => {
        asked += 1;
        return asked < 3 ? c.html('<html>please wait</html>') : c.json(aKill(), 202);
      }),
    );

    const { code, stdout } = await runCommand(['kill', '--strategy', 'btc-momentum', '--url', url]);

    assert.equal(code, 0);
    assert.match(stdout, /trying again: the reply .* <html>please wait<\/html>/);
    assert.equal(new Set(requests.map(({ key }) => key)).size, 1);
  });

  it('ends a kill as what it is when it says nothing else for ten seconds', async () => {
    const { url, requests } = await open(answer('<html>please wait</html>'));

    const { code, stderr } = await runCommand(['kill', '--strategy', 'btc-momentum', '--url', url]);

    assert.equal(code, 1);
    assert.match(stderr, /please wait/);
    assert.ok(requests.length > 20);
  });
});

describe('a control plane that is away', () => {
  it('ends a kill with 15 after ten seconds of trying, and says what the engine does', async () => {
    const { url, close } = await standInControlPlane();
    await close();

    const { code, stdout, stderr } = await runCommand(['kill', '--strategy', 'btc-momentum', '--url', url]);

    assert.equal(code, 15);
    assert.ok((stdout.match(/trying again/g) ?? []).length > 20);
    assert.match(
      stderr,
      /does not answer: .*ECONNREFUSED.*\[ControlPlaneUnreachable\]\n.*stops trading when its lease ends/,
    );
  });

  it('is told by the folder that should know it', async () => {
    const { code, stderr } = await runCommand(['status', '--data', join(data, 'none')]);

    assert.equal(code, 15);
    assert.match(
      stderr,
      /no control plane is known: \S+none holds no local\.json \[ControlPlaneUnknown\]\n {2}next: start one with 'npm start'/,
    );
  });

  it('never makes a token failure look like success', async () => {
    const { url } = await open();
    const accessToken = () => Promise.reject(new TypeError('no key'));

    const { code, stderr } = await runCommand(['kill', '--strategy', 'btc-momentum', '--url', url], { accessToken });

    assert.equal(code, 1);
    assert.match(stderr, /this should not have happened: no key \[Fault\]\n {2}next: please report it/);
  });
});

describe('the data folder', () => {
  it('leads to the local host', async () => {
    const { url } = await open();
    await writeFile(join(data, 'local.json'), JSON.stringify({ url }));

    assert.equal((await runCommand(['status', '--data', data])).code, 0);
  });

  it('is refused, by the name of the file, when something else is in it', async () => {
    for (const text of ['{', '{"url":1}', '']) {
      await writeFile(join(data, 'local.json'), text);
      const { code, stderr } = await runCommand(['status', '--data', data]);
      assert.equal(code, 2);
      assert.match(stderr, /local\.json is not what the local host writes.*\n {2}next: stop it and start it again/);
    }
    await writeFile(join(data, 'local.json'), '{"url":"here"}');
    assert.match((await runCommand(['status', '--data', data])).stderr, /'here' is not a URL/);
  });

  it('is refused when its files cannot be read', async () => {
    await mkdir(join(data, 'simulation.json'));

    await assert.rejects(simulation(data), { exit: 'usage', message: /simulation\.json cannot be read: .*EISDIR/ });

    await rm(join(data, 'simulation.json'), { recursive: true });
    await chmod(data, 0o700);
  });
});

describe('the simulation', () => {
  const withPorts = async (url: string) =>
    writeFile(
      join(data, 'simulation.json'),
      JSON.stringify({
        engineFaultUrl: `${url}/engine/`,
        venueFaultUrl: `${url}/venue`,
        channelFaultUrl: `${url}/sinks`,
      }),
    );

  it('that is away, refuses or answers garbage is told as such', async () => {
    const { url, close } = await open((app) => {
      app.post('/engine/faults/freeze', () => problem(404, 'NotFound', 'there is no fault freeze'));
      app.get('/engine/faults', (c) => c.html('<html>'));
      for (const at of ['venue', 'sinks']) app.get(`/${at}/faults`, (c) => c.json({ faults: [] }));
    });
    await withPorts(url);

    const refused = await runCommand(['sim', 'fault', 'freeze', '--data', data]);
    assert.deepEqual([refused.code, /404 .*there is no fault freeze/.test(refused.stderr)], [17, true]);
    const garbage = await runCommand(['sim', 'faults', '--data', data]);
    assert.deepEqual([garbage.code, /GET \S+\/engine\/faults: it said <html>/.test(garbage.stderr)], [17, true]);

    await close();
    const away = await runCommand(['sim', 'fault', 'freeze', '--data', data]);
    assert.equal(away.code, 17);
    assert.match(away.stderr, /\[SimulationUnreachable\]\n {2}next: is 'npm start' running\?/);
  });

  it('shows its faults in a table', async () => {
    const { url } = await open((app) => {
      app.get('/engine/faults', (c) => c.json({ faults: [{ name: 'drop-acks', active: ['*'] }] }));
      for (const at of ['venue', 'sinks']) app.get(`/${at}/faults`, (c) => c.json({ faults: [] }));
    });
    await withPorts(url);

    const { stdout } = await runCommand(['sim', 'faults', '--data', data]);

    assert.match(stdout, /^drop-acks +engine +on +acknowledgements/m);
    assert.match(stdout, /^slow-venue +venue +off /m);
  });
});

describe('an identity provider elsewhere', () => {
  const status = (...more: string[]) => runCommand(['status', '--url', 'http://127.0.0.1:9', ...more]);

  it('is given whole or not at all, as a URL', async () => {
    const half = await status('--issuer', 'https://login.example.com');
    const none = await status('--issuer', 'login', '--client-id', 'x');

    assert.deepEqual([half.code, none.code], [2, 2]);
    assert.match(half.stderr, /--issuer and --client-id belong together/);
    assert.match(none.stderr, /'login' is not a URL/);
  });

  it('is asked in place of the local one', async () => {
    const { url } = await open();
    const needs: unknown[] = [];

    await runCommand(['status', '--url', url, '--issuer', 'https://login.example.com', '--client-id', 'x'], {
      accessToken: async ({ remote }) => `${needs.push(remote)}`,
    });

    assert.deepEqual(needs[0], { issuer: 'https://login.example.com', clientId: 'x' });
  });
});

describe('text of other people', () => {
  const evil = 'drill\u001b[2J\u001b]0;owned\u0007\u009b31m\r✓ all is well';

  it('moves no cursor, rings no bell and renames no terminal', async () => {
    const { url } = await open((app) =>
      app.get('/v1/strategies/:id', (c) => c.json(aStrategy({ latch: { reason: evil }, whyNot: [evil] }))),
    );
    const args = ['status', '--strategy', 'btc-momentum', '--url', url];

    const { stdout } = await runCommand(args);
    const { lines } = await runCommand([...args, '--output', 'jsonl']);

    for (const control of ['\u001b', '\u0007', '\u009b', '\r']) assert.ok(!stdout.includes(control));
    assert.match(stdout, /drill\ufffd\[2J/);
    assert.match(JSON.stringify(lines), /\\u001b\[2J/, 'programs get what was written');
  });

  it('keeps lines, tabs and colours', () => {
    const text = 'a\tb\n\u001b[31mred\u001b[0m';

    assert.equal(harmless(text), text);
  });
});
