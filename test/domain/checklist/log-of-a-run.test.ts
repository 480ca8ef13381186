import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { firstEntryAfter } from '../../../domain/checklist/first-entry-after.ts';
import { readChecklist } from '../../../domain/checklist/read-checklist.ts';
import { readLogPart } from '../../../domain/checklist/read-log-part.ts';
import { ActorId, RunId } from '../../../domain/ids.ts';
import { LogId } from '../../../domain/ledger/ledger-entry.ts';
import { RUN, STRATEGY, world } from '../../fakes/world.ts';
import { itemOf, REVIEW, stoppedRun, wholeRun } from './a-trading-run.ts';

describe('the log of a run', () => {
  it('is read from its time on, found by halving, and no further than is wanted', async () => {
    const made = await stoppedRun();
    const log = LogId.parse(STRATEGY);
    const from = await firstEntryAfter(log, '2026-11-24T13:00:30.000Z', made.ports);

    const part = await readLogPart(log, from, made.ports, 2);

    assert.equal(Object(part.entries[0]?.entry).type, 'stop.requested');
    assert.deepEqual([part.from, part.cut, part.to > from], [from, false, true]);
    assert.equal((await readLogPart(log, 0, made.ports, 0)).cut, true);
  });

  it('is empty where there is none', async () => {
    const { ports } = world();
    const none = LogId.parse('nobody');

    assert.equal(await firstEntryAfter(none, '2026-11-24T12:00:00.000Z', ports), 0);
    assert.deepEqual((await readLogPart(none, 0, ports)).entries, []);
  });

  it('counts an entry without a time as an early one no more than as a late one: it is met', async () => {
    const made = await stoppedRun();
    const page = made.ports.ledger.page.bind(made.ports.ledger);
    const untimed = async (...asked: Parameters<typeof page>) => {
      const read = await page(...asked);
      return read && { ...read, entries: read.entries.map((each) => ({ ...each, entry: {} })) };
    };

    assert.equal(
      await firstEntryAfter(LogId.parse(STRATEGY), '2026-11-24T12:00:00.000Z', { ledger: { page: untimed } }),
      0,
    );
  });

  it('is judged without a matrix, and with a manifest that is none', async () => {
    const made = await wholeRun();
    made.store.records.delete('MATRIX#communications');
    const [key] = [...made.evidence.files.keys()].filter((each) => each.endsWith('MANIFEST.json'));
    made.evidence.files.set(key ?? '', Buffer.from('no manifest'));

    const checklist = await readChecklist(RUN, made.ports);

    assert.match(itemOf(checklist, '6.1').missing.join(), /no communication matrix/);
    assert.match(itemOf(checklist, '4.5').missing.join(), /MANIFEST.json is not the file that was recorded/);
  });

  it('of a review leads to the launch that it reviews', async () => {
    const made = await wholeRun();
    const run = await made.store.get('RUN', RUN);
    assert.ok(run);
    const review = { ...run, id: REVIEW, machine: 'review' as const, requestedBy: ActorId.parse('service:review') };
    await made.store.put({ kind: 'RUN', record: { ...review, request: { reviews: RUN } } });
    const lost = RunId.parse('review-of-what-is-gone');
    await made.store.put({ kind: 'RUN', record: { ...review, id: lost, request: { reviews: 'gone' } } });

    assert.equal((await readChecklist(REVIEW, made.ports)).run, RUN);
    await assert.rejects(readChecklist(lost, made.ports), { name: 'InvalidRequest' });
  });
});
