import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startChild } from '../../../local/host/child-program.ts';
import { temporaryFolder } from '../aws/temporary-folder.ts';
import { eventually, isAlive } from './processes.ts';

const ready = `console.log(JSON.stringify({ ready: true, url: 'http://127.0.0.1:1', faultUrl: String(process.pid) }));`;

describe('startChild', () => {
  let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
  let logFile = '';
  let pidFile = '';
  const told: string[] = [];
  const pids = new Set<number>();
  before(async () => {
    temporary = await temporaryFolder();
    logFile = join(temporary.path, 'child.log');
    pidFile = join(temporary.path, 'pid');
  });
  after(async () => {
    for (const each of pids) if (isAlive(each)) process.kill(each, 'SIGKILL'); // of a test that failed
    await temporary.remove();
  });

  /** A program of those lines; it leaves its pid in a file, so that a test can see whether it is gone. */
  const start = (lines: string, patience = { readyMs: 20_000, endMs: 5000 }) => {
    const script = join(temporary.path, 'child.cjs');
    writeFileSync(
      script,
      `require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, String(process.pid));\n${lines}`,
    );
    told.length = 0;
    return startChild({
      name: 'engine',
      script,
      args: ['--config', 'x'],
      logFile,
      patience,
      onExit: (what) => told.push(what),
    });
  };
  const pid = () => {
    const found = Number(readFileSync(pidFile, 'utf8'));
    pids.add(found);
    return found;
  };
  const stays = 'setInterval(() => {}, 1000);';

  it('resolves when the program is ready, and ends it without calling that a problem', async () => {
    const child = await start(`${ready} ${stays}`);
    assert.deepEqual([child.url, child.faultUrl], ['http://127.0.0.1:1', String(pid())]);
    assert.ok(isAlive(pid()));

    await child.stop();

    assert.equal(isAlive(pid()), false);
    assert.deepEqual(told, []);
    await child.stop(); // again: nothing to do
  });

  it('gives it its arguments, and appends what it logs to a file of its owner', async () => {
    const child = await start(`console.error(process.argv.slice(2).join()); ${ready} ${stays}`);
    await child.stop();

    assert.match(readFileSync(logFile, 'utf8'), /--config,x\n$/);
    assert.equal(statSync(logFile).mode & 0o777, 0o600);
  });

  it('tells when the program ends by itself', async () => {
    const child = await start(`${ready} setTimeout(() => process.exit(7), 20);`);

    await eventually(() => told.length > 0);

    assert.deepEqual(told, [`the engine ended (exit 7); see ${logFile}`]);
    await child.stop();
  });

  it('kills a program that does not end when it is asked to', async () => {
    const child = await start(`process.on('SIGTERM', () => {}); ${ready} ${stays}`, { readyMs: 20_000, endMs: 30 });

    await child.stop();

    assert.equal(isAlive(pid()), false);
  });

  it('says why a program died before it was ready, in its own last words of this start', async () => {
    appendFileSync(logFile, '{"detail":"an older reason"}\n');
    const why = `console.error(JSON.stringify({ event: 'failed', detail: 'port 4511 is in use' })); process.exit(1);`;

    await assert.rejects(start(why), { message: `the engine did not start: port 4511 is in use (see ${logFile})` });
    await assert.rejects(start('process.exit(1);'), { message: `the engine did not start: it ended (see ${logFile})` });
    await assert.rejects(start(`console.error('Killed'); process.exit(1);`), /did not start: Killed/);

    assert.deepEqual(told, []);
  });

  it('leaves no program behind that says something else than that it is ready', async () => {
    for (const said of ['Segmentation fault', '{"ready":false}']) {
      await assert.rejects(
        start(`console.log(${JSON.stringify(said)}); ${stays}`),
        /it said ".*" where its ready line belongs/,
      );
      assert.equal(isAlive(pid()), false);
    }
  });

  it('leaves no program behind that never becomes ready', async () => {
    const patience = { readyMs: 300, endMs: 5000 };

    await assert.rejects(start(stays, patience), /the engine did not start: it was not ready after 0\.3 s/);

    assert.equal(isAlive(pid()), false);
  });
});
