import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ByPlace, heldCheckpointIn } from '../../../../domain/ledger/verify/held-evidence.ts';
import { LogVerifier } from '../../../../domain/ledger/verify/log-verifier.ts';
import {
  aCheckpoint,
  aLog,
  aNote,
  anEntry,
  bundleOf,
  FIRST,
  five,
  kindsIn,
  LEDGER,
  LOG,
  receipt,
  STRANGER,
  trust,
  verified,
} from './a-ledger.ts';

describe('a checkpoint from outside', () => {
  const log = aLog(five, [2, 4]);
  const held = (size: number, entries = five) => aCheckpoint(entries.slice(0, size), [FIRST]);
  const changed = five.with(1, anEntry(1, { payload: {} }));

  it('that agrees leaves the log sound, at a checkpoint or between two', async () => {
    for (const size of [0, 2, 3, 4]) {
      const report = verified(await bundleOf(log), trust({ held: [held(size)] }));

      assert.equal(report.verdict, 'sound');
      assert.doesNotMatch(report.notes.join(), /no checkpoint from outside/);
    }
  });

  it('shows a second history by the holder of the key; only what both agree on is trusted', async () => {
    const report = verified(await bundleOf(aLog(changed, [1, 2, 4])), trust({ held: [held(1), held(2)] }));

    assert.deepEqual([report.verdict, kindsIn(report), report.trustedUpTo], ['tampered', ['held-checkpoint'], 1]);
    assert.equal(report.newestCheckpoint, null);
  });

  it('adds nothing where the entries were changed without the key', async () => {
    const lines = (await bundleOf(log)).map((line) => (line === five[3] ? (changed[1] ?? '') : line));

    const report = verified(lines, trust({ held: [held(4)] }));

    assert.deepEqual([report.trustedUpTo, kindsIn(report)], [2, ['entry-place', 'root', 'held-checkpoint']]);
  });

  it('proves what a bundle without a trusted end does not', async () => {
    const lines = (await bundleOf(log)).with(-1, JSON.stringify(aCheckpoint(five.slice(0, 4), [STRANGER])));

    assert.equal(verified(lines, trust({ held: [held(4)] })).verdict, 'sound');
  });

  it('is none with lines beyond the three, or with fewer', () => {
    const note = `${held(4).split('\n\n')[0]}\nmore\n`;

    assert.equal(heldCheckpointIn(aNote(note, [FIRST])), undefined);
    assert.equal(heldCheckpointIn(aNote('one line\n', [FIRST])), undefined);
    assert.equal(heldCheckpointIn(held(4))?.size, 4);
  });

  it('is given out once, at its place and nowhere else', () => {
    const things = new ByPlace([5, 7, 5], (place) => place);

    assert.deepEqual([things.take(6), things.take(5), things.take(5), things.rest()], [[], [5, 5], [], [7]]);
  });

  it('that is newer than the bundle shows what is missing', async () => {
    const report = verified(await bundleOf(log), trust({ held: [held(5)] }));

    assert.equal(report.verdict, 'incomplete');
    assert.match(report.findings[0]?.what ?? '', /^entry 4 is missing: a checkpoint of size 5 is known from outside/);
  });

  it('that no trusted key has signed, or of another ledger, is of no use', async () => {
    const useless = [
      aCheckpoint(five.slice(0, 4), [STRANGER]),
      aCheckpoint(five, [STRANGER]),
      aCheckpoint(five.slice(0, 2), [FIRST], `other/${LOG}`),
    ];

    const report = verified(await bundleOf(log), trust({ held: useless }));

    assert.deepEqual([report.verdict, kindsIn(report), report.findingCount], ['incomplete', ['held-unusable'], 3]);
    assert.equal(report.trustedUpTo, 4);
  });

  it('of a size within a left-out range is compared where the hashes allow it, and said to be not where they do not', async () => {
    const lines = await bundleOf(aLog(five, [4]), { from: 0, to: 0 });

    assert.equal(verified(lines, trust({ held: [held(4)] })).verdict, 'sound');
    assert.deepEqual(kindsIn(verified(lines, trust({ held: [held(3)] }))), ['held-not-compared']);
  });
});

describe('a receipt', () => {
  const log = aLog(five, [5]);

  it('for an entry that is there leaves the log sound; for another text of it, not', async () => {
    const lines = await bundleOf(log);

    assert.equal(verified(lines, trust({ receipts: [receipt(3, five[3] ?? '')] })).verdict, 'sound');
    assert.deepEqual(kindsIn(verified(lines, trust({ receipts: [receipt(3, five[4] ?? '')] }))), ['receipt']);
  });

  it('for an entry beyond the end shows that entries are missing', async () => {
    const report = verified(await bundleOf(log), trust({ receipts: [receipt(6, 'x')] }));

    assert.match(report.findings[0]?.what ?? '', /entries 5 to 6 are missing/);
  });

  it('for an entry that is left out is compared where its hash is there', async () => {
    const lines = await bundleOf(log, { from: 0, to: 0 });

    assert.equal(verified(lines, trust({ receipts: [receipt(4, five[4] ?? '')] })).verdict, 'sound');
    assert.deepEqual(kindsIn(verified(lines, trust({ receipts: [receipt(3, five[3] ?? '')] }))), [
      'receipt-not-compared',
    ]);
  });
});

describe('what was asked for', () => {
  const log = aLog([anEntry(0), anEntry(1, { ticket: 'T' }), anEntry(2), anEntry(3, { ticket: 'T' })], [4]);

  it('by ticket is shown, and that more may exist is said', async () => {
    const report = verified(await bundleOf(log, { ticket: 'T', from: 1, to: 4 }));

    assert.deepEqual([report.verdict, report.entries, report.omitted], ['sound', 2, 2]);
    assert.match(
      report.notes.join(),
      /asked for, but entries 1 to 3 of 4; of the others only hashes are there.*only entries of the ticket T/,
    );
  });

  it('may not be hidden', async () => {
    const lines = await bundleOf(log, { from: 1, to: 3 });
    const [header = ''] = lines;

    const report = verified([header.replace('"to":3', '"to":4'), ...lines.slice(1)]);

    assert.deepEqual([report.verdict, kindsIn(report)], ['tampered', ['entry-hidden']]);
    assert.match(report.findings[0]?.what ?? '', /^entry 3 should be shown/);
  });

  it('has hashes for the rest, as many as there are subtrees', () => {
    const verifier = new LogVerifier({ log: LOG, origin: `${LEDGER}/${LOG}`, size: 5, from: 0, to: 0 }, trust());

    assert.throws(() => verifier.leftOut(5, []), RangeError);
    assert.throws(() => verifier.leftOut(1, ['00', '00']), RangeError);
  });
});
