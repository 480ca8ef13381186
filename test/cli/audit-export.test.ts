import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { STRATEGY } from '../fakes/world.ts';
import { aLedger, ownFolder } from './a-ledger-to-audit.ts';
import { runCommand } from './run-command.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const open = standInForEachTest();
const folder = ownFolder();

describe('audit export', () => {
  const exported = (url: string, file: string, ...more: string[]) =>
    runCommand(['audit', 'export', '--log', STRATEGY, '--out', file, '--url', url, ...more]);
  const linesOf = async (file: string) =>
    gunzipSync(await readFile(file))
      .toString()
      .trimEnd()
      .split('\n');

  it('writes the whole log with every checkpoint in its place, and says how to verify it', async () => {
    const ledger = await aLedger(open, 3, 2);
    const file = join(folder.path, 'whole.jsonl.gz');

    const { code, stdout, stderr } = await exported(ledger.url, file);

    assert.equal(code, 0, stderr);
    const lines = await linesOf(file);
    assert.deepEqual(lines.map((line) => line[0]).join(''), '{{{{"{{"');
    assert.deepEqual(
      lines.filter((line) => line.startsWith('{')).slice(1),
      ledger.entries().map(({ text }) => text),
    );
    assert.match(stdout, /audit verify .*whole\.jsonl\.gz --keys/);
  });

  it('shows only what is asked for, and hashes for the rest', async () => {
    const ledger = await aLedger(open, 3);
    await ledger.grow(2, 'CHG-9');
    await ledger.sign();
    const [range, ticket] = [join(folder.path, 'range.gz'), join(folder.path, 'ticket.gz')];

    await exported(ledger.url, range, '--from', '1', '--to', '3');
    await exported(ledger.url, ticket, '--ticket', 'CHG-9');

    assert.equal((await linesOf(range)).map((line) => line[0]).join(''), '{[{{"["');
    assert.equal((await linesOf(ticket)).map((line) => line[0]).join(''), '{["{{"');
  });

  it('writes nothing over a file that is there, nothing that no checkpoint covers, and leaves no half of a file', async () => {
    const ledger = await aLedger(open, 3);
    const file = join(folder.path, 'once.gz');
    await writeFile(file, 'precious');

    const over = await exported(ledger.url, file);
    assert.equal(over.code, 2);
    assert.match(over.stderr, /is there already/);
    assert.equal(await readFile(file, 'utf8'), 'precious');
    const beyond = await exported(ledger.url, join(folder.path, 'beyond.gz'), '--to', '4');
    assert.equal(beyond.code, 10);
    assert.match(beyond.stderr, /covers 3 entries, fewer than --to 4/);
    assert.match(
      (await exported(ledger.url, join(folder.path, 'x.gz'), '--from', '3', '--to', '2')).stderr,
      /has no entries 3 to 2/,
    );
    assert.match(
      (await exported(ledger.url, join(folder.path, 'no/such/folder.gz'))).stderr,
      /cannot be written: ENOENT/,
    );
    assert.deepEqual(
      (await readdir(folder.path)).filter((name) => name.endsWith('.part')),
      [],
    );
  });
});
