import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { RunId } from '../../../domain/ids.ts';
import { draftPostMortem } from '../../../domain/post-mortem/draft-post-mortem.ts';
import { MOST_BYTES, readPostMortem } from '../../../domain/post-mortem/read-post-mortem.ts';
import { Refusal } from '../../../domain/refusal.ts';

const RUN = RunId.parse('kill-btc-momentum-20261124-0123456789ab');
const CERTIFICATE = `sha256:${'ab'.repeat(32)}`;
const RULE = '| --- | --- | --- | --- | --- |';

const draft = draftPostMortem({
  run: RUN,
  certificate: CERTIFICATE,
  exposure: ['XSIM: nothing is held'],
  entries: [{ at: '2026-11-24T12:00:00.000Z', type: 'kill.requested', actor: 'sub-trader' }],
});
const whole = (rows = '| check quotes | the desk | 2026-12-31 | yes |  |') =>
  draft
    .replace(/^## (Impact|Root cause|What went well)$/gm, '## $1\n\nWhat there is to say.')
    .replace(RULE, `${RULE}\n${rows}`);

const mistakesOf = (text: string): string[] => {
  const read = readPostMortem(text, RUN);
  assert.ok(read instanceof Refusal);
  assert.equal(read.code, 'PostMortemInvalid');
  return (read.facts['mistakes'] as { line: number; reason: string }[]).map(({ line, reason }) => `${line}: ${reason}`);
};
const lineOf = (text: string, part: string) => text.split('\n').findIndex((line) => line.includes(part)) + 1;

describe('readPostMortem', () => {
  it('reads the certificate and every action of one that is whole', () => {
    const rows = ['| a \\| b | desk | 2026-12-31 | Yes | - |', '| c | risk | 2027-01-31 | no | PR 12 |'];

    assert.deepEqual(readPostMortem(whole(rows.join('\r\n')), RUN), {
      certificate: CERTIFICATE,
      actions: [
        { text: 'a | b', owner: 'desk', due: '2026-12-31', blocking: true, evidence: '' },
        { text: 'c', owner: 'risk', due: '2027-01-31', blocking: false, evidence: 'PR 12' },
      ],
    });
  });

  it('refuses the draft as it was drafted, and names each section that nobody has filled in, by its line', () => {
    const mistakes = mistakesOf(draft);

    assert.deepEqual(mistakes, [
      ...['Impact', 'Root cause', 'What went well'].map(
        (title) => `${lineOf(draft, `## ${title}`)}: the section "${title}" is empty`,
      ),
      `${lineOf(draft, '| action |')}: there is no corrective action`,
    ]);
  });

  it('refuses one of another run, a section that is missing or there twice, and a certificate without a digest', () => {
    const text = whole()
      .replace(RUN, 'kill-other')
      .replace(/^## Impact$/m, '## Impacts')
      .replace(CERTIFICATE, 'to be looked up')
      .concat('\n## Timeline\n\nAgain.\n');

    assert.deepEqual(mistakesOf(text), [
      `1: the first line has to be "# Post-mortem: ${RUN}"`,
      '1: the section "Impact" is missing',
      `${lineOf(text, 'to be looked up')}: the section "Kill certificate" names no digest: sha256: and 64 lower-case hex digits`,
      `${text.split('\n').length - 3}: the section "Timeline" is there twice`,
    ]);
  });

  it('refuses rows that are not well formed, each with its line and everything that is wrong', () => {
    const bad = [
      '| a | desk | soon | maybe |  |',
      '|  |  | 2026-12-31 | yes |  |',
      '| a | desk | 2026-12-31 | yes |',
      `| ${'x'.repeat(501)} | desk | 2026-02-30 | no | ${'y'.repeat(501)} |`,
    ];
    const text = whole(bad.join('\n'));
    const first = lineOf(text, '| a | desk | soon');

    assert.deepEqual(mistakesOf(text), [
      `${first}: due is no date like 2026-12-31`,
      `${first}: blocking is neither yes nor no`,
      `${first + 1}: the action is empty`,
      `${first + 1}: the owner is empty`,
      `${first + 2}: a row has 5 cells, this one 4; a bar is written \\|`,
      `${first + 3}: the action has more than 500 characters`,
      `${first + 3}: due is no date like 2026-12-31`,
      `${first + 3}: the evidence has more than 500 characters`,
    ]);
  });

  it('refuses a section of actions without a table, with other columns, or with too many rows', () => {
    const rows = Array.from({ length: 101 }, () => '| a | desk | 2026-12-31 | no |  |').join('\n');
    const cut = whole().replace(/^\| action[\s\S]*?(?=\n\n## Sign-offs)/m, 'None needed.');
    const empty = whole().replace(/^\| action[\s\S]*?(?=\n\n## Sign-offs)/m, '');

    assert.match(mistakesOf(cut).join(), /there is no table with the columns action, owner, due, blocking, evidence/);
    assert.match(mistakesOf(empty).join(), /^\d+: the section "Corrective actions" is empty$/);
    assert.match(mistakesOf(whole().replace('| owner |', '| who |')).join(), /the columns have to be action, owner/);
    assert.match(mistakesOf(whole(rows)).join(), /there are 101 actions, more than 100/);
  });

  it('takes no heading for one between code fences, and no comment for a text', () => {
    const fenced = whole().replace('What there is to say.', 'Log:\n```\n## Timeline\n```');
    const commented = whole().replace('What there is to say.', '<!-- later\n## Timeline -->');

    assert.ok(!(readPostMortem(fenced, RUN) instanceof Refusal));
    assert.match(mistakesOf(commented).join(), /^\d+: the section "Impact" is empty$/);
  });

  it('refuses what is too large before it reads it, and shows at most five mistakes in its sentence', () => {
    const large = readPostMortem('é'.repeat(1_000_000), RUN);
    const nothing = readPostMortem('', RUN);

    assert.ok(large instanceof Refusal && nothing instanceof Refusal);
    assert.equal(large.message, `line 1: the file has 2000000 bytes, more than ${MOST_BYTES}`);
    assert.match(nothing.message, /^line 1: the first line.*; and 4 more$/);
  });

  it('answers anything with what it reads or with mistakes, and never throws', () =>
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.constantFrom('## Impact', '|', '| a | b |', '<!--', '```'))),
        (lines) => {
          const read = readPostMortem(whole(lines.join('\n')), RUN);

          assert.ok(read instanceof Refusal || read.actions.length > 0);
        },
      ),
      { seed: 7, numRuns: 300 },
    ));
});

describe('draftPostMortem', () => {
  it('tells what the ledger knows, and keeps the text of others to its line and cell', () => {
    const text = draftPostMortem({
      run: RUN,
      certificate: CERTIFICATE,
      exposure: ['XSIM: 2 BTC-PERP\n## Impact', 'XSIF: <!-- nothing'],
      entries: [{ at: '2026-11-24T12:00:00.000Z', type: 'kill.requested', actor: 'a|b' }],
    });

    assert.match(text, /^\| 2026-11-24T12:00:00.000Z \| kill.requested \| a\\\|b \|$/m);
    assert.match(text, /^\* XSIM: 2 BTC-PERP ## Impact$/m);
    assert.match(text, /^\* XSIF: <! -- nothing$/m);
  });
});
