import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { change } from '../../../domain/change.ts';
import { ActorId } from '../../../domain/ids.ts';
import { checkpointIn } from '../../../domain/ledger/checkpoint.ts';
import { checkpointLog } from '../../../domain/ledger/checkpoint-log.ts';
import { CheckpointDue, checkpointLogs } from '../../../domain/ledger/checkpoint-logs.ts';
import { rootOf } from '../../../domain/ledger/merkle.ts';
import { provesConsistency, provesInclusion } from '../../../domain/ledger/merkle-proofs.ts';
import { proveConsistency, proveInclusion } from '../../../domain/ledger/prove.ts';
import { signedNoteIn, signersOf } from '../../../domain/ledger/signed-note.ts';
import { newStrategy } from '../../../domain/strategy.ts';
import { checkpointWorld, LEDGER_NAME, logId } from '../../fakes/fake-checkpoints.ts';
import { FakeStore } from '../../fakes/fake-store.ts';
import { START, STRATEGY } from '../../fakes/world.ts';

const ACCESS = logId('access');
const LOG = logId(STRATEGY);
const note = (number: number) => ({ type: 'note.made', actor: ActorId.parse('sub-1'), payload: { number } });

/** A strategy's log that a test can append to. */
function aLog() {
  const store = new FakeStore();
  store.strategies.set(STRATEGY, newStrategy(STRATEGY));
  const world = checkpointWorld(store, () => START);
  let written = 0;
  return {
    store,
    ...world,
    async append(count: number) {
      for (let left = count; left > 0; left -= 1, written += 1) {
        const entry = note(written);
        await change(
          STRATEGY,
          { key: `k${written}`, body: {} },
          (state) => ({ state, entries: [entry], reply: 0 }),
          world.ports,
        );
      }
    },
    leaves: () => (store.logs.get(STRATEGY) ?? []).map(({ receipt }) => receipt.leafHash),
    checkpoint: () => checkpointLog(LOG, world.ports),
    async newest() {
      const text =
        signedNoteIn((await world.ports.checkpoints.newest(LOG))?.note ?? '') ?? assert.fail('no checkpoint');
      return {
        ...(checkpointIn(text.text) ?? assert.fail('no checkpoint')),
        signers: signersOf(text, await world.ports.keys.all()),
      };
    },
  };
}

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

describe('what starts a checkpoint', () => {
  const due = (event: unknown) => CheckpointDue.parse(event);
  const status = (input: unknown) =>
    due({
      'detail-type': 'Step Functions Execution Status Change',
      detail: { status: 'RUNNING', input: typeof input === 'string' ? input : JSON.stringify(input) },
    });

  it('signs the log of a run that begins or ends, and of a question that was answered', async () => {
    const log = aLog();
    await log.append(1);
    assert.deepEqual(await checkpointLogs(status({ strategyId: STRATEGY, runId: 'x' }), log.ports), {
      summary: `signed ${STRATEGY} at 1`,
    });
    await log.append(1);
    assert.deepEqual(
      await checkpointLogs(due({ 'detail-type': 'ledger.appended', detail: { log: STRATEGY } }), log.ports),
      {
        summary: `signed ${STRATEGY} at 2`,
      },
    );
  });

  it('leaves alone what a machine was started by hand with', async () => {
    const { ports } = aLog();

    for (const input of ['not JSON', '{}', '{"strategyId":"Not An Id"}'])
      assert.deepEqual(await checkpointLogs(status(input), ports), { summary: 'nothing to sign' });
    const without = { 'detail-type': 'Step Functions Execution Status Change', detail: { input: null } };
    assert.deepEqual(await checkpointLogs(due(without), ports), { summary: 'nothing to sign' });
  });

  it('signs on the schedule every log that has grown, and none that has not', async () => {
    const log = aLog();
    await log.append(2);
    await log.store.append(ACCESS, [note(1)], START);

    assert.deepEqual(await checkpointLogs(due({}), log.ports), { summary: `signed ${STRATEGY} at 2, access at 1` });
    assert.deepEqual(await checkpointLogs(due({}), log.ports), { summary: 'nothing to sign' });
  });

  it('signs the others when one cannot be signed, and then fails for that one', async () => {
    const log = aLog();
    await log.append(2);
    await log.store.append(ACCESS, [note(1)], START);
    log.store.logs.set(STRATEGY, []);

    await assert.rejects(checkpointLogs(due({}), log.ports), { name: 'LedgerTampered' });
    assert.equal((await log.ports.checkpoints.newest(ACCESS))?.size, 1);
  });

  it('refuses an event it does not know', () => {
    assert.throws(() => due({ 'detail-type': 'something else' }));
  });
});

describe('a proof from the tiles', () => {
  async function signed(...counts: number[]) {
    const log = aLog();
    for (const count of counts) {
      await log.append(count);
      await log.checkpoint();
    }
    return log;
  }

  it('shows that an entry stands in the tree of the newest checkpoint', async () => {
    const log = await signed(3, 255, 42);
    const [leaves, root] = [log.leaves(), rootOf(log.leaves())];

    for (const index of [0, 2, 127, 255, 256, 299]) {
      const { size, hashes, leafHash, checkpoint } = await proveInclusion(LOG, index, log.ports);

      assert.deepEqual([size, leafHash], [300, leaves[index]]);
      assert.ok(provesInclusion({ index, size, leaf: leaves[index] ?? '' }, hashes, root));
      assert.equal(checkpointIn(signedNoteIn(checkpoint)?.text ?? '')?.root, root);
    }
  });

  it('shows that the newest checkpoint goes on from an earlier one', async () => {
    const log = await signed(3, 255, 42);
    const at = (size: number) => ({ size, root: rootOf(log.leaves().slice(0, size)) });

    for (const before of [0, 1, 3, 100, 256, 258, 300]) {
      const { hashes } = await proveConsistency(LOG, before, log.ports);
      assert.ok(provesConsistency(at(before), at(300), hashes), `from ${before}`);
    }
  });

  it('is refused for what no checkpoint covers, and for a log that is not there', async () => {
    const log = await signed(2);
    await log.append(1);

    await assert.rejects(proveInclusion(LOG, 2, log.ports), {
      name: 'NotCheckpointed',
      facts: { log: LOG, index: 2, size: 2 },
    });
    await assert.rejects(proveConsistency(LOG, 5, log.ports), { name: 'NotCheckpointed' });
    await assert.rejects(proveInclusion(logId('nobody'), 0, log.ports), { name: 'UnknownLog' });
    await log.store.append(ACCESS, [note(1)], START);
    await assert.rejects(proveInclusion(ACCESS, 0, log.ports), { name: 'NotCheckpointed' });
  });

  it('is a fault when a tile is gone', async () => {
    const log = await signed(2);
    log.ports.archive.objects.clear();

    await assert.rejects(proveInclusion(LOG, 0, log.ports), /is not in the archive/);
    await log.append(1);
    await assert.rejects(log.checkpoint(), /is not in the archive/);
  });
});
