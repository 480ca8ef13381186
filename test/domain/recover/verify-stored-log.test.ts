import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RECOMPUTED_WHOLE, verifyStoredLog } from '../../../domain/recover/verify-stored-log.ts';
import { ACCESS, aLog, LOG } from '../ledger/a-signed-log.ts';

type ALog = ReturnType<typeof aLog>;

async function signed(entries = 5, more = 2) {
  const log = aLog();
  await log.append(entries);
  await log.checkpoint();
  await log.append(more);
  return log;
}
const found = async ({ ports }: ALog) => (await verifyStoredLog(LOG, ports)).what;

/** Does something to the entries as they are stored. */
function edit({ store }: ALog, change: (entries: NonNullable<ReturnType<typeof store.logs.get>>) => unknown[]) {
  store.logs.set(LOG, change(store.logs.get(LOG) ?? []) as never);
}

describe('verifyStoredLog', () => {
  it('recomputes a whole log to its checkpoint and its head', async () => {
    const log = await signed();

    const { sound, what } = await verifyStoredLog(LOG, log.ports);

    assert.deepEqual([sound, what], [true, 'entries 0 to 6 make up the signed tree of 5 and the head']);
  });

  it('proves nothing of a log without a checkpoint, or one that is not there', async () => {
    const log = aLog();
    await log.append(1);

    assert.match(await found(log), /no checkpoint yet/);
    assert.equal((await verifyStoredLog(ACCESS, log.ports)).sound, false);
  });

  it('finds an entry that was edited, and one whose hash was edited with it', async () => {
    const log = await signed();
    edit(log, (entries) => entries.map((each, at) => (at === 2 ? { ...each, text: '{}' } : each)));
    assert.equal(await found(log), 'entry 2 is not what was written');
    const other = await signed();
    edit(other, (entries) =>
      entries.map((each, at) => (at === 2 ? { ...entries[3], receipt: { ...entries[3]?.receipt, index: 2 } } : each)),
    );

    assert.equal(await found(other), 'the first 5 entries do not make up the tree that was signed');
  });

  it('finds an entry that was taken out, in the middle or at the end', async () => {
    const [middle, end] = [await signed(), await signed()];
    edit(middle, (entries) => entries.toSpliced(3, 1));
    edit(end, (entries) => entries.slice(0, -1));

    assert.deepEqual([await found(middle), await found(end)], ['entry 3 is missing', 'entries from 6 on are missing']);
  });

  it('finds a head that the entries do not make up', async () => {
    const log = await signed();
    const { strategies } = log.store;
    for (const [id, state] of strategies)
      strategies.set(id, { ...state, ledgerRange: [...state.ledgerRange].reverse() });

    assert.equal(await found(log), 'the entries do not make up the head of the log');
  });

  it('takes no checkpoint that none of our keys has signed, or whose tree was edited', async () => {
    const log = await signed();
    log.ports.keys.rotate();
    log.ports.keys.retire();
    assert.equal(await found(log), 'the checkpoint of 5 entries is signed by none of our keys');
    const other = await signed();
    const kept = other.ports.checkpoints.kept.get(LOG) ?? [];
    other.ports.checkpoints.kept.set(
      LOG,
      kept.map((each) => ({ ...each, range: [...each.range].reverse() })),
    );

    assert.match(await found(other), /is signed by none of our keys/);
  });

  it('reads a long log from its newest checkpoint on', async () => {
    const log = await signed(4, 3);
    const { checkpoints } = log.ports;
    const { head, entries } = checkpoints;
    const read: number[] = [];
    checkpoints.head = async (id) => {
      const known = await head.call(checkpoints, id);
      return known && { ...known, size: known.size + RECOMPUTED_WHOLE };
    };
    checkpoints.entries = (id, from, to) => {
      read.push(from);
      return entries.call(checkpoints, id, from, to);
    };

    assert.equal(await found(log), 'entries from 7 on are missing');
    assert.deepEqual(read, [4]);
  });
});
