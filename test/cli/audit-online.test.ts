import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { change } from '../../domain/change.ts';
import { ActorId } from '../../domain/ids.ts';
import { checkpointLog } from '../../domain/ledger/checkpoint-log.ts';
import { apiWorld } from '../api/api-world.ts';
import { checkpointWorld, FakeCheckpointKeys, logId } from '../fakes/fake-checkpoints.ts';
import { STRATEGY } from '../fakes/world.ts';
import { runCommand } from './run-command.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const open = standInForEachTest();

/** The real ledger routes over a world of fakes, behind an address that the command line can be given. */
async function aLedger(...counts: number[]) {
  const world = apiWorld();
  const signing = { ...checkpointWorld(world.store, world.ports.now).ports, ...world.signing };
  let written = 0;
  const grow = async (count: number, ticket?: string) => {
    for (let left = count; left > 0; left -= 1, written += 1) {
      const entry = {
        type: 'note.made',
        actor: ActorId.parse('sub-1'),
        payload: { written },
        ...(ticket && { ticket }),
      };
      await change(
        STRATEGY,
        { key: `n${written}`, body: {} },
        (state) => ({ state, entries: [entry], reply: 0 }),
        world.ports,
      );
    }
  };
  const sign = () => checkpointLog(logId(STRATEGY), signing);
  for (const count of counts) {
    await grow(count);
    await sign();
  }
  const { url } = await open((app) =>
    app.get('/v1/*', ({ req }) =>
      world.send('ledger', new URL(req.url).pathname + new URL(req.url).search, { as: 'auditor' }),
    ),
  );
  const entries = () => world.store.logs.get(STRATEGY) ?? [];
  return {
    world,
    grow,
    sign,
    url,
    entries,
    receipt: (index: number) => entries()[index]?.receipt ?? assert.fail(),
    signing,
  };
}

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tradepulse-audit-'));
});
after(() => rm(folder, { recursive: true, force: true }));

describe('audit keys', () => {
  it('prints each key on a line of its own, to be written down', async () => {
    const { url, signing } = await aLedger(1);
    const [key] = await signing.keys.all();

    const { stdout, code } = await runCommand(['audit', 'keys', '--url', url]);

    assert.deepEqual([code, stdout], [0, `${key?.vkey}\n`]);
    const { lines } = await runCommand(['audit', 'keys', '--url', url, '--output', 'jsonl']);
    assert.deepEqual(lines, [{ keys: [key?.vkey] }]);
  });

  it('refuses a control plane whose key is none', async () => {
    const { url } = await open((app) => app.get('/v1/checkpoint-keys', (c) => c.json({ keys: ['nonsense'] })));

    const { code, stderr } = await runCommand(['audit', 'keys', '--url', url]);

    assert.equal(code, 5);
    assert.match(stderr, /names 'nonsense' as a key/);
  });
});

describe('audit receipt', () => {
  let keys: string;
  beforeEach(() => {
    keys = join(folder, 'keys.txt');
  });
  const written = async ({ signing }: Awaited<ReturnType<typeof aLedger>>) => {
    await writeFile(keys, `# ours\n\n${(await signing.keys.all()).map(({ vkey }) => vkey).join('\n')}\n`);
  };
  const audit = (url: string, receipt: string, ...more: string[]) =>
    runCommand(['audit', 'receipt', receipt, '--url', url, ...more]);

  it('proves a receipt in each of its forms against the newest checkpoint', async () => {
    const ledger = await aLedger(3, 4);
    await written(ledger);
    const receipt = ledger.receipt(1);
    const file = join(folder, 'reply.json');
    await writeFile(file, JSON.stringify({ runId: 'x', receipt }));

    for (const form of [JSON.stringify(receipt), file, `${receipt.log}/${receipt.index}/${receipt.leafHash}`]) {
      const { code, stdout, stderr } = await audit(ledger.url, form, '--keys', keys);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /entry 1 of btc-momentum stands in the log .* under the checkpoint of size 7/);
    }
  });

  it('says that the control plane vouches for itself when no keys are given', async () => {
    const ledger = await aLedger(2);

    const { code, stderr } = await audit(ledger.url, JSON.stringify(ledger.receipt(0)));

    assert.equal(code, 0);
    assert.match(stderr, /the keys come from the control plane itself/);
  });

  it('refuses an altered receipt: the entry is another one', async () => {
    const ledger = await aLedger(3);
    const receipt = { ...ledger.receipt(1), leafHash: ledger.receipt(2).leafHash };

    const { code, stderr } = await audit(ledger.url, JSON.stringify(receipt));

    assert.equal(code, 5);
    assert.match(stderr, /another one than your receipt is for/);
  });

  it('refuses a checkpoint that none of the given keys signed', async () => {
    const ledger = await aLedger(3);
    const [stranger] = await new FakeCheckpointKeys().all();
    await writeFile(keys, `${stranger?.vkey}\n`);

    const { code, stderr } = await audit(ledger.url, JSON.stringify(ledger.receipt(1)), '--keys', keys);

    assert.equal(code, 5);
    assert.match(stderr, /signed by none of the keys you trust/);
  });

  it('refuses a proof that does not lead to the root, and a checkpoint of another log', async () => {
    const ledger = await aLedger(3, 4);
    const proof = (await (
      await ledger.world.send('ledger', `/v1/ledger/${STRATEGY}/proofs/1`, { as: 'auditor' })
    ).json()) as Record<string, unknown>;
    const keysReply = { keys: (await ledger.signing.keys.all()).map(({ vkey }) => vkey) };
    const served = async (reply: object) => {
      const { url } = await open((app) => {
        app.get('/v1/checkpoint-keys', (c) => c.json(keysReply));
        app.get('/v1/ledger/*', (c) => c.json(reply));
      });
      return audit(url, JSON.stringify(ledger.receipt(1)));
    };

    assert.match((await served({ ...proof, hashes: [] })).stderr, /does not lead from entry 1/);
    assert.match((await served({ ...proof, size: 6 })).stderr, /does not lead from entry 1/);
    assert.match((await served({ ...proof, checkpoint: 'nonsense' })).stderr, /is none/);
    const other = { log: 'eurusd-carry', index: 1, leafHash: ledger.receipt(1).leafHash };
    const { url } = await open((app) => {
      app.get('/v1/checkpoint-keys', (c) => c.json(keysReply));
      app.get('/v1/ledger/*', (c) => c.json(proof));
    });
    assert.match((await audit(url, JSON.stringify(other))).stderr, /not of eurusd-carry/);
  });

  it('waits for a checkpoint when asked to, and says what to do when it is not', async () => {
    const ledger = await aLedger(2);
    await ledger.grow(1);
    const early = JSON.stringify(ledger.receipt(2));

    const refused = await audit(ledger.url, early);
    assert.equal(refused.code, 10);
    assert.match(refused.stderr, /not covered by a checkpoint yet[\s\S]*within two minutes/);

    let slept = 0;
    const waited = await runCommand(['audit', 'receipt', early, '--url', ledger.url, '--wait', '60'], {
      sleep: async () => {
        slept += 1;
        if (slept === 2) await ledger.sign();
      },
    });
    assert.equal(waited.code, 0, waited.stderr);
    assert.equal(slept, 2);
  });

  for (const [what, typed] of [
    ['a word', 'receipt'],
    ['JSON of something else', '{"log":"btc-momentum"}'],
    ['broken JSON', '{'],
    ['a short hash', 'btc-momentum/1/abcd'],
  ] as const) {
    it(`refuses ${what}, and names the forms it takes`, async () => {
      const { code, stderr } = await runCommand(['audit', 'receipt', typed, '--url', 'http://127.0.0.1:9']);

      assert.equal(code, 2);
      assert.match(stderr, /log\/index\/leafhash/);
    });
  }

  it('refuses keys that are none, naming the line', async () => {
    const ledger = await aLedger(1);
    for (const [content, wanted] of [
      ['# only words\n', /holds no key/],
      ['# a\nnot a key\n', /line 2 of .* is no key: 'not a key'/],
    ] as const) {
      await writeFile(keys, content);
      const { code, stderr } = await audit(ledger.url, JSON.stringify(ledger.receipt(0)), '--keys', keys);
      assert.equal(code, 2);
      assert.match(stderr, wanted);
    }
    const { stderr } = await audit(ledger.url, JSON.stringify(ledger.receipt(0)), '--keys', join(folder, 'nothing'));
    assert.match(stderr, /cannot be read: ENOENT/);
  });
});

describe('audit checkpoint', () => {
  it('prints the very bytes of the newest one, and proves that the log has only grown since one that was kept', async () => {
    const ledger = await aLedger(3);
    const held = join(folder, 'held.txt');

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
    const [genuine, fork] = [await aLedger(3), await aLedger()];
    await fork.grow(5, 'CHG-FORKED');
    fork.signing.keys.all = () => genuine.signing.keys.all();
    fork.signing.keys.sign = (key, text) => genuine.signing.keys.sign(key, text);
    await fork.sign();
    const held = join(folder, 'genuine.txt');
    await writeFile(held, (await genuine.signing.checkpoints.newest(logId(STRATEGY)))?.note ?? '');

    const { code, stderr } = await runCommand(['audit', 'checkpoint', STRATEGY, '--held', held, '--url', fork.url]);

    assert.equal(code, 5);
    assert.match(stderr, /does not go on from the one of size 3 that you hold: the log was rewritten/);
  });

  it('tells a log that has become shorter than what was signed', async () => {
    const [whole, cut] = [await aLedger(5), await aLedger(3)];
    cut.signing.keys.all = () => whole.signing.keys.all();
    const held = join(folder, 'whole.txt');
    await writeFile(held, (await whole.signing.checkpoints.newest(logId(STRATEGY)))?.note ?? '');

    const { code, stderr } = await runCommand(['audit', 'checkpoint', STRATEGY, '--held', held, '--url', cut.url]);

    assert.equal(code, 5);
    assert.match(
      stderr,
      /covers 3 entries, fewer than the 5 you hold: the one you hold is signed, so entries were removed/,
    );
  });

  it('refuses a file that cannot be read or holds no checkpoint', async () => {
    const ledger = await aLedger(1);
    const ask = (held: string) => runCommand(['audit', 'checkpoint', STRATEGY, '--held', held, '--url', ledger.url]);
    await writeFile(join(folder, 'words.txt'), 'words\n');

    assert.match((await ask(join(folder, 'nothing.txt'))).stderr, /cannot be read/);
    assert.match((await ask(join(folder, 'words.txt'))).stderr, /is none/);
  });
});

describe('audit export', () => {
  const exported = (url: string, file: string, ...more: string[]) =>
    runCommand(['audit', 'export', '--log', STRATEGY, '--out', file, '--url', url, ...more]);
  const linesOf = async (file: string) =>
    gunzipSync(await readFile(file))
      .toString()
      .trimEnd()
      .split('\n');

  it('writes the whole log with every checkpoint in its place, and says how to verify it', async () => {
    const ledger = await aLedger(3, 2);
    const file = join(folder, 'whole.jsonl.gz');

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
    const ledger = await aLedger(3);
    await ledger.grow(2, 'CHG-9');
    await ledger.sign();
    const [range, ticket] = [join(folder, 'range.gz'), join(folder, 'ticket.gz')];

    await exported(ledger.url, range, '--from', '1', '--to', '3');
    await exported(ledger.url, ticket, '--ticket', 'CHG-9');

    assert.equal((await linesOf(range)).map((line) => line[0]).join(''), '{[{{"["');
    assert.equal((await linesOf(ticket)).map((line) => line[0]).join(''), '{["{{"');
  });

  it('writes nothing over a file that is there, nothing that no checkpoint covers, and leaves no half of a file', async () => {
    const ledger = await aLedger(3);
    const file = join(folder, 'once.gz');
    await writeFile(file, 'precious');

    const over = await exported(ledger.url, file);
    assert.equal(over.code, 2);
    assert.match(over.stderr, /is there already/);
    assert.equal(await readFile(file, 'utf8'), 'precious');
    const beyond = await exported(ledger.url, join(folder, 'beyond.gz'), '--to', '4');
    assert.equal(beyond.code, 10);
    assert.match(beyond.stderr, /covers 3 entries, fewer than --to 4/);
    assert.match(
      (await exported(ledger.url, join(folder, 'x.gz'), '--from', '3', '--to', '2')).stderr,
      /has no entries 3 to 2/,
    );
    assert.match((await exported(ledger.url, join(folder, 'no/such/folder.gz'))).stderr, /cannot be written: ENOENT/);
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.endsWith('.part')),
      [],
    );
  });
});
