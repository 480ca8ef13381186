import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { canonicalJson } from '../../../../domain/ledger/canonical-json.ts';
import { LogId } from '../../../../domain/ledger/ledger-entry.ts';
import { leafHash } from '../../../../domain/ledger/merkle.ts';
import { LogVerifier } from '../../../../domain/ledger/verify/log-verifier.ts';
import {
  aCheckpoint,
  aKeyChange,
  aLog,
  anApproval,
  anEntry,
  aSigner,
  bundleOf,
  FIRST,
  kindsIn,
  LEDGER,
  LOG,
  SECOND,
  STRANGER,
  THIRD,
  trust,
  verified,
} from './a-ledger.ts';

const five = [0, 1, 2, 3, 4].map((seq) => anEntry(seq));
const receipt = (index: number, text: string) => ({ log: LogId.parse(LOG), index, leafHash: leafHash(text) });
/** What is found in a log whose entries are all signed, so that nothing but their form can be wrong. */
function foundIn(...entries: string[]) {
  const size = entries.length;
  const log = new LogVerifier({ log: LOG, origin: `${LEDGER}/${LOG}`, size, from: 0, to: size }, trust());
  for (const text of entries) log.entry(text);
  log.checkpoint(aCheckpoint(entries, [FIRST]));
  return log.report();
}

describe('a report', () => {
  it('of a sound log says what is proved, and gives the newest checkpoint to keep', async () => {
    const log = aLog(five, [2, 5]);

    const report = verified(await bundleOf(log));

    assert.equal(report.verdict, 'sound');
    assert.equal(report.proved, 'entries 0 to 4 are as they were when checkpoint 5 was signed');
    assert.deepEqual(report.newestCheckpoint?.note, log.checkpoints[1]?.note);
    assert.match(report.notes.join(), /no checkpoint from outside was given/);
  });

  it('says up to where a changed log can still be trusted, and between which entries it was changed', async () => {
    const lines = await bundleOf(aLog(five, [1, 3, 5]));

    const report = verified(lines.map((line) => (line === five[3] ? anEntry(3, { payload: { n: 33 } }) : line)));

    assert.equal(report.verdict, 'tampered');
    assert.equal(report.trustedUpTo, 3);
    assert.equal(
      report.proved,
      'entries 0 to 2 are as they were when checkpoint 3 was signed; from 3 on nothing is proved',
    );
    assert.match(report.findings[0]?.what ?? '', /checkpoint 5 was signed over other entries .* entries 3 to 4/);
  });

  it('tells only the first of the checkpoints that do not fit, and counts the others', async () => {
    const lines = await bundleOf(aLog(five, [1, 2, 3, 5]));

    const report = verified(lines.map((line) => (line === five[0] ? anEntry(0, { payload: {} }) : line)));

    assert.deepEqual(kindsIn(report), ['root']);
    assert.match(report.findings[0]?.what ?? '', /something in entry 0 was changed/);
    assert.match(report.notes.join(), /do not fit either: 3/);
    assert.match(report.proved, /^nothing is proved/);
  });

  it('of a single proved entry, and of an empty log, is a sentence too', async () => {
    const [one, none] = [verified(await bundleOf(aLog(five, [1]))), verified(await bundleOf(aLog([], [0])))];

    assert.equal(one.proved, 'entry 0 is as it was when checkpoint 1 was signed');
    assert.deepEqual([none.verdict, none.proved], ['sound', 'there is no entry to prove']);
  });

  it('keeps a hundred findings, counts them all, and gives up after a thousand', () => {
    const log = new LogVerifier({ log: LOG, origin: `${LEDGER}/${LOG}`, size: 5000, from: 0, to: 5000 }, trust());

    for (let index = 0; index < 2000 && !log.isDone; index += 1) log.entry('{}');

    const { findings, findingCount, verdict } = log.report();
    assert.deepEqual([findings.length, findingCount, verdict], [100, 1000, 'tampered']);
  });
});

describe('an entry', () => {
  it('with a proof that cannot be judged does not end the reading, however many there are', async () => {
    const many = Array.from({ length: 1_100 }, (_, seq) => anApproval(seq, {}, { method: 'later' }));

    const report = verified(await bundleOf(aLog(many.with(-1, anApproval(1_099, { seq: 0 })), [1_100])));

    assert.deepEqual([report.verdict, report.findingCount], ['tampered', 1_100]);
  });

  const bad: Record<string, string> = {
    'is not JSON': '{',
    'is an array': '[1]',
    'has white space': anEntry(0).replace(':', ': '),
    'has its members in another order': '{"v":1,"actor":"a"}',
    'has a half surrogate pair': anEntry(0).replace('service:test', '\\ud800'),
    'has a number that no double is': anEntry(0).replace('"n":0', '"n":1.00'),
    'nests too deep': anEntry(0).replace('"n":0', `"n":${'['.repeat(70)}${']'.repeat(70)}`),
    'has no actor': anEntry(0, { actor: undefined }),
    'has a time that is none': anEntry(0, { at: '2026-11-25T24:00:00.000Z' }),
    'has a day that is in no calendar': anEntry(0, { at: '2026-02-29T00:00:00.000Z' }),
    'has a sequence that is none': anEntry(0, { seq: -1 }),
    'has a payload that is a list': anEntry(0, { payload: [] }),
    'has proofs that are none': anEntry(0, { proofs: [1] }),
    'has a type that is none': anEntry(0, { type: 'X' }),
    'has a member too many': anEntry(0, { extra: 1 }),
    'has a log that is none': anEntry(0, { log: 'Desk' }),
    'has a ticket that is no text': anEntry(0, { ticket: 1 }),
  };
  for (const [what, text] of Object.entries(bad))
    it(`that ${what} is found, though the log is signed`, async () =>
      assert.deepEqual(kindsIn(foundIn(text)), ['entry-form']));

  it('may have names like numbers, a day at the end of a month, and text that looks like half a pair', async () => {
    const text = anEntry(0, { at: '2028-02-29T23:59:59.999Z', payload: { '10': 1, '9': { b: [{}], a: '\\ud800' } } });

    assert.equal(foundIn(text).verdict, 'sound');
  });

  it('of a later version is not judged, but said', async () => {
    const report = foundIn(canonicalJson({ ...JSON.parse(anEntry(0)), v: 2 }));

    assert.deepEqual([report.verdict, kindsIn(report)], ['unreadable', ['entry-version']]);
  });

  it('of another log or with another number is found once for each shift', async () => {
    const report = foundIn(anEntry(0), anEntry(2), anEntry(3), anEntry(4), anEntry(4, { log: 'desk' }));

    assert.deepEqual(
      report.findings.map(({ kind, where }) => [kind, where.index]),
      [
        ['entry-place', 1],
        ['entry-place', 4],
      ],
    );
  });

  it('that is dated a minute before its neighbour is told, and nothing more', async () => {
    const report = foundIn(
      anEntry(0),
      anEntry(1, { at: '2026-11-18T11:05:00.000Z' }),
      anEntry(2),
      anEntry(3, { at: '2026-11-18T11:00:00.000Z' }),
      anEntry(4, { at: '2026-11-18T10:59:59.000Z' }),
    );

    assert.equal(report.verdict, 'sound');
    assert.match(report.notes.join(), /the clock goes back by more than a minute \(2 times, first at entry 1\)/);
  });
});

describe('a proof', () => {
  it('by a login is counted, and said to be no signature', async () => {
    const report = foundIn(anApproval(0), anApproval(1));

    assert.equal(report.verdict, 'sound');
    assert.match(report.notes.join(), /proofs by oidc-totp: 2. Each is the control plane's own statement/);
  });

  it('by an unknown method leaves the log incomplete', async () => {
    const report = foundIn(anApproval(0, {}, { method: 'palm-reading' }));

    assert.deepEqual([report.verdict, kindsIn(report)], ['incomplete', ['proof-unknown']]);
    assert.equal(report.trustedUpTo, 1);
  });

  for (const [what, proof] of Object.entries({
    'somebody else': { subject: 'sub-2' },
    'another document': { digest: 'sha256:00' },
    'no document': { digest: 1 },
    'no time': { authTime: 'now' },
    'no login': { acr: null },
    'more than it should be': { more: true },
  }))
    it(`about ${what} is found`, async () => assert.deepEqual(kindsIn(foundIn(anApproval(0, {}, proof))), ['proof']));

  it('of many made-up methods does not fill the notes', async () => {
    const many = Array.from({ length: 40 }, (_, seq) => anApproval(seq, {}, { method: `m-${seq}` }));

    assert.equal(foundIn(...many).notes.length, 1);
  });
});

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

  it('that change all the time are not followed for ever', () => {
    const log = new LogVerifier({ log: LOG, origin: `${LEDGER}/${LOG}`, size: 5000, from: 0, to: 5000 }, trust());

    for (let index = 0; !log.isDone; index += 1) log.entry(aKeyChange(index, FIRST, SECOND));

    assert.equal(log.position, 257);
    assert.deepEqual(kindsIn(log.report()), ['unreadable']);
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

  it('by a stranger beside one that is trusted does no harm', async () => {
    const lines = await bundleOf(aLog(five, [2, 5]));

    assert.equal(verified([...lines, JSON.stringify(aCheckpoint(five, [STRANGER]))]).verdict, 'sound');
  });

  it('that is missing at the end leaves the log incomplete', async () => {
    const report = verified((await bundleOf(aLog(five, [3, 5]))).slice(0, -1));

    assert.deepEqual([report.verdict, kindsIn(report), report.trustedUpTo], ['incomplete', ['checkpoint-missing'], 3]);
  });
});

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
