import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LogVerifier } from '../../../../domain/ledger/verify/log-verifier.ts';
import {
  aCheckpoint,
  aKeyChange,
  aLog,
  anEntry,
  aSigner,
  bundleOf,
  FIRST,
  five,
  foundIn,
  kindsIn,
  LEDGER,
  LOG,
  receipt,
  SECOND,
  STRANGER,
  THIRD,
  trust,
  verified,
} from './a-ledger.ts';

describe('keys', () => {
  const changing = [anEntry(0), aKeyChange(1, FIRST, SECOND), anEntry(2), anEntry(3)];

  it('that are missing leave everything incomplete, and the report says why', async () => {
    const lines = await bundleOf(aLog(five, [5]));

    const [none, foreign] = [
      verified(lines, trust({ keys: [] })),
      verified(lines, trust({ keys: [aSigner(1, 'other')] })),
    ];

    assert.deepEqual([none.verdict, foreign.verdict], ['incomplete', 'incomplete']);
    assert.match(
      none.findings[0]?.what ?? '',
      /no trusted key was given: something made up by anybody would look the same/,
    );
    assert.match(foreign.findings[0]?.what ?? '', /none of the trusted keys is one of 'tradepulse\/test'/);
  });

  it('hand trust on in the log, whether the auditor has the first, the last, or both', async () => {
    const lines = await bundleOf(aLog(changing, [1, 3, 4]));

    for (const keys of [[FIRST], [SECOND], [FIRST, SECOND]])
      assert.equal(verified(lines, trust({ keys })).verdict, 'sound');
    assert.match(
      verified(lines, trust({ keys: [SECOND] })).notes.join(),
      /stand before the first trusted one \(1, up to size 1\)/,
    );
  });

  it('may change twice before a checkpoint, and back again', async () => {
    const entries = [aKeyChange(0, FIRST, SECOND), aKeyChange(1, SECOND, FIRST), anEntry(2)];
    const note = (size: number, signers: (typeof FIRST)[]) => ({
      size,
      note: aCheckpoint(entries.slice(0, size), signers),
    });

    assert.equal(
      verified(await bundleOf({ entries, checkpoints: [note(2, [FIRST, SECOND]), note(3, [FIRST])] })).verdict,
      'sound',
    );
  });

  it('that were handed on are not trusted any more', async () => {
    const checkpoints = [3, 4].map((size) => ({
      size,
      note: aCheckpoint(changing.slice(0, size), size === 3 ? [FIRST, SECOND] : [FIRST]),
    }));

    const report = verified(await bundleOf({ entries: changing, checkpoints }));

    assert.deepEqual([report.verdict, kindsIn(report), report.trustedUpTo], ['tampered', ['key-not-trusted'], 3]);
  });

  for (const [what, signers] of Object.entries({ old: [SECOND], new: [FIRST] }))
    it(`change only with the signature of the ${what} key too`, async () => {
      const checkpoints = [{ size: 4, note: aCheckpoint(changing, signers) }];

      const report = verified(await bundleOf({ entries: changing, checkpoints }), trust({ keys: [FIRST, SECOND] }));

      assert.deepEqual(kindsIn(report), ['key-change']);
    });

  it('cannot be handed on by a key that nobody used', async () => {
    const entries = [aKeyChange(0, SECOND, THIRD), anEntry(1)];
    const checkpoints = [{ size: 2, note: aCheckpoint(entries, [FIRST, SECOND, THIRD]) }];

    const report = verified(await bundleOf({ entries, checkpoints }));

    assert.match(report.findings[0]?.what ?? '', /hands on from a key that was not in use/);
  });

  for (const [what, payload] of Object.entries({
    'no keys': {},
    'one key twice': { from: FIRST.key.vkey, to: FIRST.key.vkey },
    'a key of another ledger': { from: FIRST.key.vkey, to: aSigner(5, 'other').key.vkey },
  }))
    it(`do not change by an entry that names ${what}`, async () =>
      assert.deepEqual(kindsIn(foundIn(anEntry(0, { type: 'checkpoint-key.rotated', payload }))), ['key-change']));

  it('that change without the right signatures are told once', async () => {
    const checkpoints = [2, 4].map((size) => ({ size, note: aCheckpoint(changing.slice(0, size), [STRANGER]) }));

    const report = verified(await bundleOf({ entries: changing, checkpoints }));

    assert.deepEqual(
      report.findings.map(({ kind }) => kind),
      ['key-change', 'key-change'],
    );
  });

  it('that change all the time are not followed for ever: of the 257th change nothing more is looked at', () => {
    const receipts = [receipt(256, 'another entry')];
    const outside = trust({ receipts });
    const log = new LogVerifier({ log: LOG, origin: `${LEDGER}/${LOG}`, size: 5000, from: 0, to: 5000 }, outside);

    for (let index = 0; index < 256; index += 1) log.entry(aKeyChange(index, FIRST, SECOND));
    assert.equal(log.isDone, false);
    log.entry(anEntry(256, { type: 'checkpoint-key.rotated' }));

    assert.deepEqual([log.isDone, log.position], [true, 256]);
    assert.deepEqual(kindsIn(log.report()), ['unreadable', 'receipt-not-compared']);
  });

  it('of a stranger prove nothing, in the last checkpoint or in all', async () => {
    const checkpoint = (size: number, signer: typeof FIRST) => ({
      size,
      note: aCheckpoint(five.slice(0, size), [signer]),
    });
    const all = verified(
      await bundleOf({ entries: five, checkpoints: [checkpoint(3, STRANGER), checkpoint(5, STRANGER)] }),
    );
    const last = verified(
      await bundleOf({ entries: five, checkpoints: [checkpoint(3, FIRST), checkpoint(5, STRANGER)] }),
    );

    assert.deepEqual([all.verdict, kindsIn(all), all.trustedUpTo], ['tampered', ['key-not-trusted'], 0]);
    assert.deepEqual([last.verdict, kindsIn(last), last.trustedUpTo], ['tampered', ['key-not-trusted'], 3]);
  });
});

describe('a checkpoint', () => {
  const bundleWith = async (note: string) => (await bundleOf(aLog(five, [5]))).with(-1, JSON.stringify(note));
  const right = aCheckpoint(five, [FIRST]);

  it('with a signature that is not by the key it names is forged', async () => {
    const forged = aCheckpoint(five, [{ ...STRANGER, key: FIRST.key }]);

    assert.deepEqual(kindsIn(verified(await bundleWith(forged))), ['signature']);
  });

  it('over other entries that nobody has signed is said to be so', async () => {
    const report = verified(await bundleWith(aCheckpoint([...five.slice(0, 4), anEntry(5)], [STRANGER])));

    assert.match(report.findings[0]?.what ?? '', /does not fit the entries, and no trusted key has signed it/);
  });

  for (const [what, [note, kind]] of Object.entries({
    'is no note': ['x', 'checkpoint-form'],
    'has lines of its own': [right.replace('\n\n', '\nmore\n\n'), 'checkpoint-form'],
    'is of a log with an endless name': [aCheckpoint(five, [FIRST], 'x'.repeat(500)), 'checkpoint-place'],
    'is of another log': [aCheckpoint(five, [FIRST], `${LEDGER}/desk`), 'checkpoint-place'],
    'is of another size': [aCheckpoint(five.slice(1), [FIRST]), 'checkpoint-place'],
  } as const))
    it(`that ${what} is found`, async () => assert.deepEqual(kindsIn(verified(await bundleWith(note))), [kind]));

  it('may stand with others at one place, but not with sixteen', async () => {
    const lines = await bundleOf(aLog(five, [5]));
    const times = (count: number) => verified([...lines, ...Array<string>(count - 1).fill(lines.at(-1) ?? '')]);

    assert.deepEqual([times(16).verdict, times(17).verdict], ['sound', 'unreadable']);
  });

  it('that is the seventeenth at one place is not looked at', async () => {
    const lines = await bundleOf(aLog(five, [5]));
    const sixteen = [...lines, ...Array<string>(15).fill(lines.at(-1) ?? '')];

    assert.deepEqual(kindsIn(verified([...sixteen, JSON.stringify('x')])), ['unreadable']);
  });

  it('by a stranger beside one that is trusted does no harm', async () => {
    const lines = await bundleOf(aLog(five, [2, 5]));

    assert.equal(verified([...lines, JSON.stringify(aCheckpoint(five, [STRANGER]))]).verdict, 'sound');
  });

  it('that is missing at the end leaves the log incomplete', async () => {
    const report = verified((await bundleOf(aLog(five, [3, 5]))).slice(0, -1));

    assert.deepEqual([report.verdict, kindsIn(report), report.trustedUpTo], ['incomplete', ['checkpoint-missing'], 3]);
  });
});
