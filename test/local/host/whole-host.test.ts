import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, afterEach, before, describe, it } from 'node:test';
import { temporaryFolder } from '../aws/temporary-folder.ts';
import { commandLine, type HostProcess, hostProcess, processesWith } from './host-process.ts';
import { eventually, isAlive } from './processes.ts';

/** Started as people start it, from the built bundles and the synthesized template (`npm test` builds both when they are old). */
describe('the local host', () => {
  let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
  let data = '';
  let host: HostProcess;
  let url = '';
  const started: HostProcess[] = [];
  const run = (...args: string[]) => {
    const process = hostProcess(...args);
    started.push(process);
    return process;
  };
  const start = async () => {
    host = run('--json', '--port', '0', '--data', data);
    ({ url } = JSON.parse(await host.firstLine()));
  };
  const modes = async () => {
    const views = await commandLine(data, 'status', '--as', 'auditor');
    return Object.fromEntries(views.map(({ id, mode }) => [id, mode]));
  };

  before(async () => {
    temporary = await temporaryFolder();
    data = join(temporary.path, 'data');
    await start();
  });
  after(async () => {
    await Promise.all(started.map((process) => process.stop('SIGKILL')));
    for (const line of await processesWith(temporary.path)) process.kill(Number.parseInt(line, 10), 'SIGKILL');
    await temporary.remove();
  });

  it('says in one line of JSON that it is ready, and answers there', async () => {
    assert.deepEqual(JSON.parse(host.said.stdout), { url, data });
    assert.equal((await fetch(`${url}/openapi.json`)).status, 200);
    assert.equal((await processesWith(data)).length, 4, 'the host, its store, the engine and the venue');
  });

  it('answers 403 to a request in the name of another machine', async () => {
    const [response] = await once(request(url, { headers: { host: 'evil.example' } }).end(), 'response');

    assert.equal(response.statusCode, 403);
    assert.match(await text(response), /Host \\"evil\.example\\" is not this machine/);
  });

  it('keeps a second host out of its folder, in a sentence, and goes on', async () => {
    const second = run('--json', '--port', '0', '--data', data, '--fresh');

    assert.equal(await second.ended, 1);

    assert.match(
      second.said.stderr,
      /^✖ the local control plane did not start: .* is in use by another host \(process \d+\)\. Stop that one/,
    );
    assert.equal(second.said.stdout, '');
    assert.deepEqual(await modes(), { 'btc-momentum': 'OFF', 'eurusd-carry': 'OFF' });
  });

  it('stops on Ctrl-C with 0, in the middle of a launch, and leaves no process behind', async () => {
    await commandLine(data, 'deploy', '--env', 'prod', '--strategy', 'eurusd-carry', '--detach', '--as', 'trader');

    assert.equal(await host.stop('SIGINT'), 0);

    assert.deepEqual(await processesWith(data), []);
    assert.equal(host.said.stderr, '');
  });

  it('goes on with that launch at the next start: having stopped is no failure of a step', async () => {
    await start();

    const launch = async () => (await commandLine(data, 'runs', '--strategy', 'eurusd-carry', '--as', 'auditor'))[0];
    const asksPeople = async () => (await commandLine(data, 'approvals', '--as', 'auditor')).length > 0;
    await eventually(async () => (await asksPeople()) || (await launch())?.['status'] !== 'RUNNING', 30_000);

    const { status, failure } = (await launch()) ?? {};
    const timedOut = /"code":"States\.Timeout"/.test(JSON.stringify(failure) ?? ''); // a start that took longer than the step may
    assert.ok(status === 'RUNNING' || timedOut, `${status}: ${JSON.stringify(failure)}`);
  });

  it('finds what is killed still killed, also when it was killed itself a moment later', async () => {
    await commandLine(data, 'kill', '--strategy', 'btc-momentum', '--reason', 'drill', '--as', 'risk');

    assert.equal(await host.stop('SIGKILL'), 'SIGKILL');
    await start();

    assert.equal((await modes())['btc-momentum'], 'KILLED');
  });

  it('begins anew with --fresh, and ends the store of a killed host first', async () => {
    const store = Number(readFileSync(join(data, 'dynamodb.db.pid'), 'utf8'));
    assert.equal(await host.stop('SIGKILL'), 'SIGKILL');
    await eventually(async () => (await processesWith(data)).length === 1); // engine and venue end by themselves

    host = run('--port', '0', '--data', data, '--fresh');

    assert.match(await host.firstLine(), /^✓ the control plane answers at http:/);
    assert.deepEqual(await modes(), { 'btc-momentum': 'OFF', 'eurusd-carry': 'OFF' });
    assert.equal((await processesWith(data)).length, 4);
    assert.equal(isAlive(store), false);
  });

  it('stops in order when its terminal is closed, although its store has died meanwhile', async () => {
    process.kill(Number(readFileSync(join(data, 'dynamodb.db.pid'), 'utf8')), 'SIGKILL');
    await eventually(() => host.said.stderr.includes('! The local DynamoDB ended (SIGKILL)'));

    assert.equal(await host.stop('SIGHUP'), 0);

    assert.match(host.said.stderr, /! the modes of the strategies could not be read: fetch failed/);
    assert.match(
      host.said.stdout,
      /Ctrl-C stops everything\.\n\n▶ stopping: .*\n✓ stopped\n {2}everything is kept in /,
    );
    assert.deepEqual(await processesWith(data), []);
  });
});

describe('a start that cannot be', () => {
  let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
  const blocker = createServer();
  before(async () => {
    temporary = await temporaryFolder();
  });
  afterEach(() => void (blocker.listening && blocker.close()));
  after(() => temporary.remove());
  const end = async (...args: string[]) => {
    const process = hostProcess(...args);
    return { code: await process.ended, ...process.said };
  };
  /** A port in use, of those that the system does not give away by itself: its neighbours are most likely free. */
  const blocked = async () => {
    for (let port = 20_000 + (process.pid % 4000); ; port += 3) {
      try {
        await once(blocker.listen(port, '127.0.0.1'), 'listening');
        return port;
      } catch {
        // somebody has that one
      }
    }
  };

  it('ends with 2 and the usage when its options are wrong, and with 0 when they are asked for', async () => {
    const wrong = [['--port', 'x'], ['--prot', '1'], ['here'], ['--data', '']];
    for (const { code, stdout, stderr } of await Promise.all(wrong.map((args) => end(...args)))) {
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, /^✖ .+\n\nUsage: npm start -- \[options\]/s);
    }
    const { code, stdout } = await end('--help');
    assert.equal(code, 0);
    assert.match(stdout, /^Usage: npm start/);
  });

  it('ends with 1 and says what to do when its port is taken', async () => {
    const data = join(temporary.path, 'own-port');
    const port = await blocked();

    const { code, stderr } = await end('--port', String(port), '--data', data);

    assert.equal(code, 1);
    assert.match(
      stderr,
      new RegExp(`^✖ the local control plane did not start: port ${port} of 127\\.0\\.0\\.1 is in use\\. .*--port N`),
    );
    assert.deepEqual(await processesWith(data), []);
  });

  it('ends with 1 and names the port when the simulation finds its own taken, and leaves no process behind', async () => {
    const data = join(temporary.path, 'engine-port');
    const port = await blocked();

    const { code, stderr } = await end('--port', String(port - 1), '--data', data);

    assert.equal(code, 1);
    assert.match(
      stderr,
      new RegExp(`^✖ .*the engine did not start: .*EADDRINUSE.*:${port} \\(see .*engine\\.log\\)\n$`),
    );
    assert.deepEqual(await processesWith(data), []);
  });

  it('ends with 1 when a file of the folder is damaged, and releases all that was started before', async () => {
    const data = join(temporary.path, 'damaged');
    mkdirSync(data);
    writeFileSync(join(data, 'host.lock'), '');
    writeFileSync(join(data, 'demo-users.json'), '{');

    const { code, stderr } = await end('--port', '0', '--data', data);

    assert.equal(code, 1);
    assert.match(stderr, /demo-users\.json is damaged: restore it, or delete it/);
    assert.deepEqual(await processesWith(data), []);
  });
});
