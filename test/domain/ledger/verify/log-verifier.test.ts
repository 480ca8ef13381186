import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { canonicalJson } from '../../../../domain/ledger/canonical-json.ts';
import { LogVerifier } from '../../../../domain/ledger/verify/log-verifier.ts';
import {
  aLog,
  anApproval,
  anEntry,
  bundleOf,
  five,
  foundIn,
  kindsIn,
  LEDGER,
  LOG,
  trust,
  verified,
} from './a-ledger.ts';

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
    'no method': { method: undefined },
    'a method that is no text': { method: 1 },
    'more than it should be': { more: true },
  }))
    it(`about ${what} is found`, async () => assert.deepEqual(kindsIn(foundIn(anApproval(0, {}, proof))), ['proof']));

  it('of many made-up methods does not fill the notes', async () => {
    const many = Array.from({ length: 40 }, (_, seq) => anApproval(seq, {}, { method: `m-${seq}` }));

    assert.equal(foundIn(...many).notes.length, 1);
  });
});
