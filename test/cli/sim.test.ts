import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { runCommand } from './run-command.ts';
import { type StandIn, standInControlPlane } from './stand-in-control-plane.ts';

let data = '';
let ports: StandIn;

before(async () => {
  data = await mkdtemp(join(tmpdir(), 'tradepulse-sim-'));
  ports = await standInControlPlane((app) => {
    app.post('/engine/faults/:name', (c) => c.json({ faults: [c.req.param('name')] }));
    app.delete('/venue/faults/:name', (c) => c.json({ faults: [] }));
    app.get('/engine/faults', (c) =>
      c.json({
        faults: [
          { name: 'freeze', active: ['*'] },
          { name: 'drop-acks', active: [] },
        ],
      }),
    );
    app.get('/venue/faults', (c) => c.json({ faults: [] }));
    app.get('/sinks/faults', (c) => c.json({ faults: [{ name: 'channel-down', active: ['#risk'] }] }));
    app.post('/sinks/faults/:name', (c) => c.json({ faults: [] }));
  });
  const simulation = {
    engineFaultUrl: `${ports.url}/engine`,
    venueFaultUrl: `${ports.url}/venue`,
    channelFaultUrl: `${ports.url}/sinks`,
  };
  await writeFile(join(data, 'simulation.json'), JSON.stringify(simulation));
});
after(async () => {
  await ports.close();
  await rm(data, { recursive: true });
});

describe('sim fault', () => {
  it('reaches the program that can have the fault, and says how to take it away', async () => {
    const { code, stdout } = await runCommand(['sim', 'fault', 'drop-acks', '--data', data]);

    assert.equal(code, 0);
    assert.deepEqual(
      [ports.requests.at(-1)?.method, ports.requests.at(-1)?.path],
      ['POST', '/engine/faults/drop-acks'],
    );
    assert.ok(stdout.includes(`npx tradepulse-cli sim fault drop-acks --off --data ${data}`));
  });

  it('takes a fault away with --off', async () => {
    await runCommand(['sim', 'fault', 'refuse-cancel', '--off', '--data', data]);

    assert.deepEqual(
      [ports.requests.at(-1)?.method, ports.requests.at(-1)?.path],
      ['DELETE', '/venue/faults/refuse-cancel'],
    );
  });

  it('reaches one instance or venue alone when it is told which', async () => {
    const { stdout } = await runCommand(['sim', 'fault', 'stale', '--instance', 'btc-momentum-5', '--data', data]);
    await runCommand(['sim', 'fault', 'refuse-cancel', '--instance', 'XSIM', '--off', '--data', data]);
    await runCommand(['sim', 'fault', 'channel-down', '--instance', '#risk', '--data', data]);

    assert.deepEqual(
      ports.requests.slice(-3).map(({ path }) => path),
      [
        '/engine/faults/stale?instance=btc-momentum-5',
        '/venue/faults/refuse-cancel?venue=XSIM',
        '/sinks/faults/channel-down?channel=%23risk',
      ],
    );
    assert.ok(stdout.includes(`sim fault stale --instance btc-momentum-5 --off --data ${data}`));
  });

  it('refuses where there is no simulation', async () => {
    const { code, stderr } = await runCommand(['sim', 'fault', 'freeze', '--data', join(data, 'elsewhere')]);

    assert.equal(code, 2);
    assert.match(stderr, /there is no simulation in .*npm start/s);
  });
});

describe('sim faults', () => {
  it('lists all of them and which are on', async () => {
    const { lines } = await runCommand(['sim', 'faults', '--output', 'jsonl', '--data', data]);

    const on = (lines as { fault: string; on: boolean }[]).filter((each) => each.on).map(({ fault }) => fault);
    assert.equal(lines.length, 22);
    assert.deepEqual(on, ['freeze', 'channel-down']);
  });
});
