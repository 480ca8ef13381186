import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkpointLog } from '../../../domain/ledger/checkpoint-log.ts';
import { rootOf } from '../../../domain/ledger/merkle.ts';
import { LEDGER_NAME, logId } from '../../fakes/fake-checkpoints.ts';
import { START, STRATEGY } from '../../fakes/world.ts';
import { ACCESS, aLog, LOG, note } from './a-signed-log.ts';

describe('a checkpoint', () => {
  it('signs size and root of the log under its origin, and stands in the archive with entries and tiles', async () => {
    const log = aLog();
    await log.append(3);

    assert.deepEqual(await log.checkpoint(), { log: LOG, size: 3 });

    const { signers, ...signed } = await log.newest();
    assert.deepEqual(signed, { origin: `${LEDGER_NAME}/${LOG}`, size: 3, root: rootOf(log.leaves()) });
    assert.deepEqual(signers, await log.ports.keys.all());
    assert.deepEqual(log.ports.archive.pathsOf(LOG).toSorted(), [
      'checkpoints/0000000000000003',
      'entries/0000000000000000-0000000000000003.jsonl',
      'tile/0/000.p/3',
    ]);
    const entries = await log.ports.archive.read(LOG, 'entries/0000000000000000-0000000000000003.jsonl');
    assert.deepEqual(
      Buffer.from(entries ?? []).toString(),
      (log.store.logs.get(LOG) ?? []).map(({ text }) => `${text}\n`).join(''),
    );
  });

  it('is made of what came since the one before, and not at all when nothing did', async () => {
    const log = aLog();
    await log.append(2);
    await log.checkpoint();
    await log.append(300);
    await log.checkpoint();
    const objects = log.ports.archive.pathsOf(LOG).length;

    assert.deepEqual(await log.checkpoint(), { log: LOG, size: 302 });
    assert.equal(log.ports.archive.pathsOf(LOG).length, objects);
    assert.ok(log.ports.archive.pathsOf(LOG).includes('entries/0000000000000002-0000000000000302.jsonl'));
    assert.deepEqual(
      (await log.ports.checkpoints.list(LOG, { from: 0, limit: 9 })).map(({ size }) => size),
      [2, 302],
    );
    assert.deepEqual(await log.store.all('CHECKPOINT'), [{ id: LOG, size: 302, at: START.toISOString() }]);
  });

  it('is the same when two functions make it at the same time, or one makes it again after it was cut short', async () => {
    const log = aLog();
    await log.append(5);

    const both = await Promise.all([log.checkpoint(), log.checkpoint()]);
    const first = log.ports.checkpoints.kept.get(LOG);
    log.ports.checkpoints.kept.clear(); // as if it had ended before its last step
    await log.append(1);
    await log.checkpoint();

    assert.deepEqual(
      both.map(({ size }) => size),
      [5, 5],
    );
    assert.equal(first?.length, 1);
    assert.equal((await log.newest()).size, 6);
  });

  it('of a log with more entries than one run takes is signed in parts', async () => {
    const log = aLog();
    const entries = Array.from({ length: 20_001 }, (_, number) => note(number));
    await log.store.append(ACCESS, entries, START);

    const first = await checkpointLog(ACCESS, log.ports);
    const second = await checkpointLog(ACCESS, log.ports);

    assert.deepEqual([first.size, second.size], [20_000, 20_001]);
    assert.ok(log.ports.archive.pathsOf(ACCESS).includes('entries/0000000000019000-0000000000020000.jsonl'));
  });

  it('of an empty log or of none is not made', async () => {
    const { ports } = aLog();

    assert.deepEqual(await checkpointLog(logId('nobody'), ports), { log: 'nobody', size: 0 });
    assert.equal(ports.archive.objects.size, 0);
  });

  it('is not made without a key', async () => {
    const log = aLog();
    log.ports.keys.retire();

    await assert.rejects(log.checkpoint(), /no key is configured/);
  });
});

describe('a log that was tampered with', () => {
  const attacks: Record<string, (log: ReturnType<typeof aLog>) => void> = {
    'an edited entry': ({ store }) => {
      const own = store.logs.get(STRATEGY) ?? [];
      store.logs.set(STRATEGY, own.with(3, { ...(own[3] ?? assert.fail()), text: '{"edited":true}' }));
    },
    'an edited entry with a leaf hash to match': ({ store }) => {
      const own = store.logs.get(STRATEGY) ?? [];
      store.logs.set(
        STRATEGY,
        own.with(3, { ...(own[2] ?? assert.fail()), receipt: { ...(own[2]?.receipt ?? assert.fail()), index: 3 } }),
      );
    },
    'an entry that stands under another sequence': ({ store }) => {
      const own = store.logs.get(STRATEGY) ?? [];
      const last = own[5] ?? assert.fail();
      store.logs.set(STRATEGY, own.with(5, { ...last, receipt: { ...last.receipt, index: 9 } }));
    },
    'a removed entry': ({ store }) => void store.logs.set(STRATEGY, (store.logs.get(STRATEGY) ?? []).toSpliced(3, 1)),
    'a removed last entry': ({ store }) => void store.logs.set(STRATEGY, (store.logs.get(STRATEGY) ?? []).slice(0, -1)),
    'swapped entries': ({ store }) => {
      const own = store.logs.get(STRATEGY) ?? [];
      store.logs.set(STRATEGY, own.with(3, own[4] ?? assert.fail()).with(4, own[3] ?? assert.fail()));
    },
  };
  for (const [what, attack] of Object.entries(attacks)) {
    it(`is not signed after ${what}: the alarm rings, the bus is told`, async () => {
      const log = aLog();
      await log.append(2);
      await log.checkpoint();
      await log.append(4);
      attack(log);

      await assert.rejects(log.checkpoint(), { name: 'LedgerTampered', message: /entries 2 to 5 do not make up/ });

      assert.equal((await log.newest()).size, 2);
      assert.deepEqual(
        log.told.map(({ type }) => type),
        ['ledger.tampered'],
      );
      assert.equal(log.alarms.length, 1);
    });
  }

  it('is not signed on top of a checkpoint that somebody put there', async () => {
    const log = aLog();
    await log.append(2);
    await log.checkpoint();
    const genuine = (await log.ports.checkpoints.newest(LOG)) ?? assert.fail();
    await log.append(1);
    for (const forged of [
      { ...genuine, note: genuine.note.replace('\n2\n', '\n1\n') },
      { ...genuine, range: [] },
      { ...genuine, note: 'nonsense' },
      { ...genuine, note: `${genuine.note.slice(0, -6)}AAA=\n` },
    ]) {
      log.ports.checkpoints.kept.set(LOG, [forged]);

      await assert.rejects(log.checkpoint(), { name: 'LedgerTampered', message: /signed by none of our keys/ });
    }
  });
});

describe('a change of key', () => {
  it('is recorded in the log, covered by a checkpoint that both keys sign, and then the new one signs alone', async () => {
    const log = aLog();
    await log.append(2);
    await log.checkpoint();
    const [before] = await log.ports.keys.all();
    const next = log.ports.keys.rotate();
    await log.append(1);

    await log.checkpoint();
    const both = await log.newest();
    await log.append(1);
    await log.checkpoint();

    assert.deepEqual(
      both.signers.map(({ vkey }) => vkey),
      [before?.vkey, next.vkey],
    );
    assert.equal(both.size, 4);
    assert.deepEqual(log.store.storyOf(STRATEGY), [
      'note.made',
      'note.made',
      'note.made',
      'checkpoint-key.rotated',
      'note.made',
    ]);
    assert.deepEqual((await log.newest()).signers, [next]);
    const rotated = JSON.parse(log.store.logs.get(STRATEGY)?.[3]?.text ?? '') as { payload: Record<string, unknown> };
    assert.deepEqual([rotated.payload['from'], rotated.payload['to']], [before?.vkey, next.vkey]);
  });

  it('is recorded in the logs of no strategy, too', async () => {
    const { store, ports } = aLog();
    await store.append(ACCESS, [note(0)], START);
    await checkpointLog(ACCESS, ports);
    ports.keys.rotate();

    await checkpointLog(ACCESS, ports);

    assert.deepEqual(store.storyOf(ACCESS), ['note.made', 'checkpoint-key.rotated']);
  });

  it('goes on where it was cut short: the entry is recorded once', async () => {
    const log = aLog();
    await log.append(1);
    await log.checkpoint();
    log.ports.keys.rotate();
    const sign = log.ports.keys.sign.bind(log.ports.keys);
    log.ports.keys.sign = () => Promise.reject(new Error('KMS is down'));

    await assert.rejects(log.checkpoint(), /KMS is down/);
    log.ports.keys.sign = sign;
    await log.checkpoint();

    assert.deepEqual(log.store.storyOf(STRATEGY), ['note.made', 'checkpoint-key.rotated']);
  });

  it('that leaves the old key out is refused: nobody could vouch for the new one', async () => {
    const log = aLog();
    await log.append(1);
    await log.checkpoint();
    log.ports.keys.rotate();
    log.ports.keys.retire();
    await log.append(1);

    await assert.rejects(log.checkpoint(), { name: 'LedgerTampered' });
  });
});
