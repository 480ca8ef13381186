import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { digestOfBytes } from '../../../domain/ledger/digest.ts';
import type { EvidenceStore } from '../../../domain/ports/evidence.ts';

let folders = 0;
/** A folder that no test has written to. */
const aFolder = () => {
  folders += 1;
  return `reports/live/run-${folders}`;
};

/** What every evidence store must do. The fake and the S3 adapter both run it. */
export function evidenceContract(name: string, open: () => EvidenceStore): void {
  const textOf = async (store: EvidenceStore, key: string) =>
    Buffer.from((await store.read(key))?.bytes ?? []).toString('utf8');

  describe(`${name} keeps the EvidenceStore contract`, () => {
    it('finds nothing where nothing was written', async () => {
      assert.equal(await open().read(`${aFolder()}/nothing.json`), undefined);
    });

    it('gives back the exact bytes, with their digest', async () => {
      const store = open();
      const key = `${aFolder()}/a.json`;
      const text = '{"umlaut":"ü","end":"\\n"}\n';

      const digest = await store.createOnce(key, text);

      const read = await store.read(key);
      assert.deepEqual([read?.key, read?.hash, digest], [key, digest, digestOfBytes(text)]);
      assert.equal(await textOf(store, key), text);
      assert.ok(!Number.isNaN(Date.parse(read?.storedAt ?? '')));
    });

    it('takes the same bytes again, and throws at others, which change nothing', async () => {
      const store = open();
      const key = `${aFolder()}/a.json`;
      const first = await store.createOnce(key, 'first');

      assert.equal(await store.createOnce(key, 'first'), first);
      await assert.rejects(store.createOnce(key, 'second'), /other content/);

      assert.equal(await textOf(store, key), 'first');
    });

    it('lets one of many who write at once win, and tells the others', async () => {
      const store = open();
      const key = `${aFolder()}/a.json`;

      const outcomes = await Promise.allSettled(['a', 'b', 'c', 'd'].map((text) => store.createOnce(key, text)));

      const written = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
      assert.deepEqual(written, [(await store.read(key))?.hash]);
    });

    it('replaces the very version that was read, and the first one where nothing was', async () => {
      const store = open();
      const key = `${aFolder()}/a.json`;

      const first = await store.replace(key, 'first', await store.read(key));
      const second = await store.replace(key, Buffer.from('second'), await store.read(key));

      assert.deepEqual([first, second], [digestOfBytes('first'), digestOfBytes('second')]);
      assert.equal(await textOf(store, key), 'second');
    });

    it('replaces nothing that somebody else wrote meanwhile, nor what is not there any more', async () => {
      const store = open();
      const key = `${aFolder()}/a.json`;
      await store.createOnce(key, 'first');
      const before = await store.read(key);
      await store.replace(key, 'theirs', before);

      assert.equal(await store.replace(key, 'ours', before), undefined);
      assert.equal(await store.replace(key, 'ours', undefined), undefined);
      assert.equal(await store.replace(`${aFolder()}/gone.json`, 'ours', before), undefined);

      assert.equal(await textOf(store, key), 'theirs');
    });

    it('lists what stands below a prefix, and nothing beside it', async () => {
      const store = open();
      const folder = aFolder();
      const keys = [`${folder}/a.json`, `${folder}/b/c.json`];
      for (const key of [...keys, `${folder}x/d.json`]) await store.createOnce(key, key);

      assert.deepEqual((await store.list(`${folder}/`)).toSorted(), keys);
      assert.deepEqual(await store.list(`${aFolder()}/`), []);
    });
  });
}
