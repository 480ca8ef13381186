import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { logId } from '../fakes/fake-checkpoints.ts';
import { STRATEGY } from '../fakes/world.ts';
import { aLedger, ownFolder } from './a-ledger-to-audit.ts';
import { runCommand } from './run-command.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const open = standInForEachTest();
const folder = ownFolder();

describe('audit checkpoint', () => {
  it('prints the very bytes of the newest one, and proves that the log has only grown since one that was kept', async () => {
    const ledger = await aLedger(open, 3);
    const held = join(folder.path, 'held.txt');

    const first = await runCommand(['audit', 'checkpoint', STRATEGY, '--url', ledger.url, '--output', 'jsonl']);
    const [{ checkpoint } = assert.fail()] = first.lines as { checkpoint: string }[];
    await writeFile(held, checkpoint);
    await ledger.grow(4);
    await ledger.sign();
    const { code, stdout, stderr } = await runCommand([
      'audit',
      'checkpoint',
      STRATEGY,
      '--held',
      held,
      '--url',
      ledger.url,
    ]);

    assert.equal(code, 0);
    assert.match(stderr, /has only grown from 3 to 7 entries/);
    assert.equal(stdout, (await ledger.signing.checkpoints.newest(logId(STRATEGY)))?.note);
  });

  it('tells a log that was rewritten by whoever holds the key: the fork is proved by the checkpoint that was kept', async () => {
    const [genuine, fork] = [await aLedger(open, 3), await aLedger(open)];
    await fork.grow(5, 'CHG-FORKED');
    fork.signing.keys.all = () => genuine.signing.keys.all();
    fork.signing.keys.sign = (key, text) => genuine.signing.keys.sign(key, text);
    await fork.sign();
    const held = join(folder.path, 'genuine.txt');
    await writeFile(held, (await genuine.signing.checkpoints.newest(logId(STRATEGY)))?.note ?? '');

    const { code, stderr } = await runCommand(['audit', 'checkpoint', STRATEGY, '--held', held, '--url', fork.url]);

    assert.equal(code, 5);
    assert.match(stderr, /does not go on from the one of size 3 that you hold: the log was rewritten/);
  });

  it('tells a log that has become shorter than what was signed', async () => {
    const [whole, cut] = [await aLedger(open, 5), await aLedger(open, 3)];
    cut.signing.keys.all = () => whole.signing.keys.all();
    const held = join(folder.path, 'whole.txt');
    await writeFile(held, (await whole.signing.checkpoints.newest(logId(STRATEGY)))?.note ?? '');

    const { code, stderr } = await runCommand(['audit', 'checkpoint', STRATEGY, '--held', held, '--url', cut.url]);

    assert.equal(code, 5);
    assert.match(
      stderr,
      /covers 3 entries, fewer than the 5 you hold: the one you hold is signed, so entries were removed/,
    );
  });

  it('refuses a file that cannot be read or holds no checkpoint', async () => {
    const ledger = await aLedger(open, 1);
    const ask = (held: string) => runCommand(['audit', 'checkpoint', STRATEGY, '--held', held, '--url', ledger.url]);
    await writeFile(join(folder.path, 'words.txt'), 'words\n');

    assert.match((await ask(join(folder.path, 'nothing.txt'))).stderr, /cannot be read/);
    assert.match((await ask(join(folder.path, 'words.txt'))).stderr, /is none/);
  });
});
