import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import { FakeCheckpointKeys } from '../fakes/fake-checkpoints.ts';
import { STRATEGY } from '../fakes/world.ts';
import { aLedger, ownFolder } from './a-ledger-to-audit.ts';
import { runCommand } from './run-command.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const open = standInForEachTest();
const folder = ownFolder();

describe('audit keys', () => {
  it('prints each key on a line of its own, to be written down', async () => {
    const { url, signing } = await aLedger(open, 1);
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
    keys = join(folder.path, 'keys.txt');
  });
  const written = async ({ signing }: Awaited<ReturnType<typeof aLedger>>) => {
    await writeFile(keys, `# ours\n\n${(await signing.keys.all()).map(({ vkey }) => vkey).join('\n')}\n`);
  };
  const audit = (url: string, receipt: string, ...more: string[]) =>
    runCommand(['audit', 'receipt', receipt, '--url', url, ...more]);

  it('proves a receipt in each of its forms against the newest checkpoint', async () => {
    const ledger = await aLedger(open, 3, 4);
    await written(ledger);
    const receipt = ledger.receipt(1);
    const file = join(folder.path, 'reply.json');
    await writeFile(file, JSON.stringify({ runId: 'x', receipt }));

    for (const form of [JSON.stringify(receipt), file, `${receipt.log}/${receipt.index}/${receipt.leafHash}`]) {
      const { code, stdout, stderr } = await audit(ledger.url, form, '--keys', keys);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /entry 1 of btc-momentum stands in the log .* under the checkpoint of size 7/);
    }
  });

  it('says that the control plane vouches for itself when no keys are given', async () => {
    const ledger = await aLedger(open, 2);

    const { code, stderr } = await audit(ledger.url, JSON.stringify(ledger.receipt(0)));

    assert.equal(code, 0);
    assert.match(stderr, /the keys come from the control plane itself/);
  });

  it('refuses an altered receipt: the entry is another one', async () => {
    const ledger = await aLedger(open, 3);
    const receipt = { ...ledger.receipt(1), leafHash: ledger.receipt(2).leafHash };

    const { code, stderr } = await audit(ledger.url, JSON.stringify(receipt));

    assert.equal(code, 5);
    assert.match(stderr, /another one than your receipt is for/);
  });

  it('refuses a checkpoint that none of the given keys signed', async () => {
    const ledger = await aLedger(open, 3);
    const [stranger] = await new FakeCheckpointKeys().all();
    await writeFile(keys, `${stranger?.vkey}\n`);

    const { code, stderr } = await audit(ledger.url, JSON.stringify(ledger.receipt(1)), '--keys', keys);

    assert.equal(code, 5);
    assert.match(stderr, /signed by none of the keys you trust/);
  });

  it('refuses a proof that does not lead to the root, and a checkpoint of another log', async () => {
    const ledger = await aLedger(open, 3, 4);
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
    const ledger = await aLedger(open, 2);
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
    const ledger = await aLedger(open, 1);
    for (const [content, wanted] of [
      ['# only words\n', /holds no key/],
      ['# a\nnot a key\n', /line 2 of .* is no key: 'not a key'/],
    ] as const) {
      await writeFile(keys, content);
      const { code, stderr } = await audit(ledger.url, JSON.stringify(ledger.receipt(0)), '--keys', keys);
      assert.equal(code, 2);
      assert.match(stderr, wanted);
    }
    const { stderr } = await audit(
      ledger.url,
      JSON.stringify(ledger.receipt(0)),
      '--keys',
      join(folder.path, 'nothing'),
    );
    assert.match(stderr, /cannot be read: ENOENT/);
  });
});
