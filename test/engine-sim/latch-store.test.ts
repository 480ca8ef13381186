import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import { FRESH } from '../../engine-sim/engine/engine-state.ts';
import { latchStore } from '../../engine-sim/engine/latch-store.ts';

const root = await mkdtemp(join(tmpdir(), 'latch-'));
after(() => rm(root, { recursive: true, force: true }));
const now = new Date('2026-11-23T14:05:09Z');
const halt = { reason: 'killed', by: 'kill-1', at: now.toISOString(), armFrom: 4 };

describe('the latch store', () => {
  let folder = '';
  let count = 0;
  beforeEach(() => {
    count += 1;
    folder = join(root, String(count));
  });
  const file = () => join(folder, 'btc-1.json');

  it('starts fresh, and finds a halt again after a restart', async () => {
    const store = latchStore(folder, 'btc-1');
    assert.deepEqual(store.read(now), FRESH);

    await store.write({ ...FRESH, epoch: 3, halt });

    const found = latchStore(folder, 'btc-1').read(now);
    assert.deepEqual([found.epoch, found.halt], [3, halt]);
    assert.equal(statSync(file()).mode & 0o777, 0o600);
  });

  it('keeps the newest of writes that came together', async () => {
    const store = latchStore(folder, 'btc-1');

    await Promise.all([1, 2, 3].map((epoch) => store.write({ ...FRESH, epoch })));

    assert.equal(JSON.parse(readFileSync(file(), 'utf8')).epoch, 3);
  });

  it('is halted when its file cannot be read, whatever is wrong with it: fail closed', () => {
    const spoils = [
      () => writeFileSync(file(), '{"epoch":'),
      () => writeFileSync(file(), ''),
      () => writeFileSync(file(), '{"epoch":-1,"armedBy":null,"halt":null,"loaded":null}'),
      () => mkdirSync(file()),
    ];
    for (const spoil of spoils) {
      const store = latchStore(folder, 'btc-1');
      rmSync(file(), { recursive: true, force: true });
      spoil();

      const { halt: latch } = store.read(now);

      assert.deepEqual(latch, {
        reason: `the latch file ${file()} is not readable`,
        by: 'engine',
        at: now.toISOString(),
        armFrom: 0,
      });
    }
  });

  it('says when a latch is not on the disk, and writes the next one', async () => {
    const store = latchStore(folder, 'btc-1');
    rmSync(folder, { recursive: true });
    await assert.rejects(store.write({ ...FRESH, halt }), { code: 'ENOENT' });
    mkdirSync(folder);

    await store.write({ ...FRESH, halt });

    assert.deepEqual(store.read(now).halt, halt);
  });
});
