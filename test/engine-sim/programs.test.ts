import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { after, describe, it } from 'node:test';
import { engineOptions } from '../../engine-sim/engine/engine-options.ts';
import { venueOptions } from '../../engine-sim/venue/venue-options.ts';

const folder = await mkdtemp(join(tmpdir(), 'programs-'));
after(() => rm(folder, { recursive: true, force: true }));
const spki = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const program = (name: string) => resolve(import.meta.dirname, `../../engine-sim/${name}.ts`);
const VENUE = ['--port', '0', '--trading-key', 'trading-key', '--control-key', 'control-key'];
const ENGINE = {
  port: 0,
  controlPlane: 'http://127.0.0.1:9',
  commandKey: spki,
  killKey: spki,
  artifacts: folder,
  data: folder,
  instances: [
    { instanceId: 'a-1', strategyId: 'a', venue: { id: 'XSIM', url: 'http://127.0.0.1:9/XSIM', key: 'trading-key' } },
  ],
};

async function readyLine(child: ChildProcess): Promise<{ ready: boolean; url: string; faultUrl: string }> {
  assert.ok(child.stdout);
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line);
  throw new Error('it ended without a ready line');
}
const exitOf = async (child: ChildProcess) =>
  child.exitCode === null ? (await once(child, 'exit'))[0] : child.exitCode;

describe('the programs', () => {
  it('print one ready line and exit 0 on SIGTERM', async () => {
    const config = join(folder, 'engine.json');
    await writeFile(config, JSON.stringify(ENGINE));
    for (const args of [
      [program('venue'), ...VENUE],
      [program('engine'), '--config', config],
    ]) {
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
      const { ready, url, faultUrl } = await readyLine(child);
      assert.equal(ready, true);
      assert.equal((await fetch(`${faultUrl}/faults`)).status, 200);
      assert.notEqual(url, faultUrl);
      child.kill('SIGTERM');
      assert.equal(await exitOf(child), 0);
    }
  });

  it('end when the pipe to their parent ends', async () => {
    const child = spawn(process.execPath, [program('venue'), ...VENUE], { stdio: ['pipe', 'pipe', 'ignore'] });
    await readyLine(child);

    child.stdin?.end();

    assert.equal(await exitOf(child), 0);
  });

  it('end when their parent is killed, with nothing between them but the process tree', async () => {
    const script = `const { spawn } = require('node:child_process');
      spawn(process.execPath, ${JSON.stringify([program('venue'), ...VENUE])}, { stdio: ['ignore', 'inherit', 'ignore'] });`;
    const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = once(parent.stdout, 'close'); // the grandchild holds the pipe open until it is gone
    const { url } = await readyLine(parent);

    parent.kill('SIGKILL');

    parent.stdout.resume();
    await ended;
    await assert.rejects(fetch(url));
  });

  it('say in one line why they do not start', async () => {
    const child = spawn(process.execPath, [program('engine'), '--port', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
    assert.ok(child.stderr);
    const [said] = await once(child.stderr, 'data');

    assert.match(String(JSON.parse(String(said)).detail), /controlPlane/);
    assert.equal(await exitOf(child), 1);
  });
});

describe('the options', () => {
  it('let flags win over the file, and name what is wrong', async () => {
    const config = join(folder, 'options.json');
    await writeFile(config, JSON.stringify(ENGINE));
    const shared = ['--config', config, '--venue-url', 'http://127.0.0.1:4512', '--venue-key', 'k'];

    const options = engineOptions([...shared, '--port', '4600', '--instance', 'b-1:b:XSIF']);

    assert.equal(options.port, 4600);
    assert.deepEqual(options.instances, [
      {
        instanceId: 'b-1',
        strategyId: 'b',
        version: '1.0.0',
        clientId: 'b-1',
        venue: { id: 'XSIF', url: 'http://127.0.0.1:4512/XSIF', kind: 'live', key: 'k' }, // what names no kind is live
      },
    ]);
    assert.throws(() => engineOptions([...shared, '--instance', 'b-1']), /ID:STRATEGY:VENUE/);
    assert.throws(() => engineOptions(['--config', join(folder, 'missing.json')]), /cannot read the configuration/);
  });

  it('give a recording to the venue that is named, and refuse an unknown one', () => {
    const both = [...VENUE, '--venue', 'XSIM', '--venue', 'XSIF', '--speed', '60'];

    const { venues } = venueOptions([...both, '--market-data', 'XSIF=week.csv']);

    assert.deepEqual(
      venues.map(({ marketData }) => marketData),
      [undefined, { file: 'week.csv', speed: 60 }],
    );
    assert.equal(venueOptions([...both, '--market-data', 'a.csv']).venues[0]?.marketData?.file, 'a.csv');
    assert.throws(() => venueOptions([...both, '--market-data', 'XNYS=a.csv']), /XNYS/);
    assert.throws(() => venueOptions([...VENUE, '--venue', 'XNYS']), /no built-in instruments/);
  });
});
