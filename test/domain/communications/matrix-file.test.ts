import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { readMatrix } from '../../../adapters/yaml/read-matrix.ts';
import { announce } from '../../../domain/communications/announce.ts';
import { FACTS_OF_TRIGGER } from '../../../domain/communications/facts-of-trigger.ts';
import { MatrixText, registerMatrix } from '../../../domain/communications/register-matrix.ts';
import { Trigger } from '../../../domain/communications/trigger.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { LedgerEntry } from '../../../domain/ledger/ledger-entry.ts';
import { shippedMatrix } from '../../fakes/shipped-matrix.ts';
import { START, world } from '../../fakes/world.ts';

const SHIPPED = readFileSync(new URL('../../../config/communications.yaml', import.meta.url), 'utf8');

/** Runbook section 6, row by row: trigger, audience, channel, template. */
const SEED = [
  ['launch-start', ['Trading Ops', 'Risk', 'Quant On Call'], ['#trading-ops'], 'Runbook: Launching <strategy>'],
  [
    'kill-switch',
    ['Executive', 'Compliance', 'Trading Ops'],
    ['PagerDuty bridge', '#incidents'],
    'Kill-switch triggered for <strategy> due to <reason>',
  ],
  ['planned-halt', ['Trading Ops', 'Risk'], ['#trading-ops'], 'Runbook: Stopping <strategy>'],
  [
    'recovery-complete',
    ['Trading Ops', 'Risk', 'Compliance'],
    ['#trading-ops', 'email'],
    'Strategy <id> restored at <time>, metrics nominal',
  ],
] as const;

describe('config/communications.yaml', () => {
  const { rows, channels } = shippedMatrix();

  for (const [trigger, audience, where, template] of SEED)
    it(`has the runbook's row for ${trigger} to the letter`, () => {
      const row = rows[trigger] ?? assert.fail();

      assert.equal(row.template, template);
      assert.deepEqual(
        audience.filter((each) => !row.audience.includes(each)),
        [],
      );
      assert.deepEqual(
        where.filter((each) => !row.channels.includes(each)),
        [],
      );
      if (trigger !== 'kill-switch') assert.deepEqual([row.audience, row.channels], [audience, where]);
    });

  it('tells #risk and the on-call engineer of a kill too (runbook 5.1.3), with expected recovery and bridge', () => {
    const { channels: where = [], more = '' } = rows['kill-switch'] ?? {};

    assert.deepEqual(
      ['#trading-ops', '#risk', 'on-call page'].filter((each) => !where.includes(each)),
      [],
    );
    assert.match(more, /Expected recovery: <expectedRecovery>. Bridge: <bridgeUrl>/);
  });

  it('has a row for every trigger, and mail to those who hear it when a channel fails', () => {
    assert.deepEqual(Object.keys(rows).toSorted(), Trigger.options.toSorted());
    for (const [trigger, { escalateTo }] of Object.entries(rows))
      assert.ok(trigger === 'channel-test' || escalateTo.some((name) => channels[name]?.via === 'email'), trigger);
  });

  it('has a name for everything that a message tells, and every message tells when', () => {
    for (const trigger of Trigger.options) {
      const [message] = announce(trigger, {}, START);

      assert.ok(FACTS_OF_TRIGGER[trigger].some((fact) => fact === 'time'));
      assert.deepEqual(message?.kind === 'MESSAGE' && message.record.facts, { time: START.toISOString() });
    }
  });
});

/** The shipped file with one line of it replaced, and what is said of it: with the line and column where it stands. */
function refusalOf(line: string, instead: string): string {
  const at = SHIPPED.split('\n').indexOf(line);
  assert.ok(at >= 0, `no line is ${line}`);
  const text = SHIPPED.split('\n').with(at, instead).join('\n');
  try {
    readMatrix(text, 'communications.yaml');
  } catch (error) {
    return String(error).replaceAll(`communications.yaml:${at + 1}:`, 'communications.yaml:HERE:');
  }
  return 'nothing is wrong';
}

const LAUNCHING = "    template: 'Runbook: Launching <strategy>'";
const HERE = String.raw`communications.yaml:HERE:\d+: `;

describe('a matrix is refused, with file, line, column and what would be right,', () => {
  for (const [what, line, instead, said] of [
    [
      'with a word that its trigger does not tell',
      LAUNCHING,
      "    template: 'Launching <strategie>'",
      `${HERE}rows.launch-start.template: <strategie> is nothing that launch-start tells; there are <strategy> <id> <run> <time>`,
    ],
    [
      'with a fact of another trigger',
      LAUNCHING,
      "    template: 'Launching due to <reason>'",
      '<reason> is nothing that launch-start tells',
    ],
    [
      'with half a word',
      LAUNCHING,
      "    template: 'Launching <strategy'",
      `${HERE}rows.launch-start.template: a < or > belongs to no <word>`,
    ],
    ['with markup', LAUNCHING, "    template: 'Launching <strategy> <!channel>'", 'a < or > belongs to no <word>'],
    [
      'with a template of two lines',
      LAUNCHING,
      '    template: "Launching <strategy>\\nhurry"',
      'is one line: put the rest into more',
    ],
    [
      'with a link to approve it',
      '    more: The launch ends; start it again.',
      '    more: "approve: https://evil.example.com/approve"',
      `${HERE}rows.approval-void.more: holds an address`,
    ],
    ['with an empty template', LAUNCHING, "    template: ''", `${HERE}rows.launch-start.template: `],
    [
      'with a template that is too long',
      LAUNCHING,
      `    template: '${'x'.repeat(501)}'`,
      `${HERE}rows.launch-start.template: .*500`,
    ],
    [
      'with a severity that is none',
      '    more: Nothing was enabled, and everything is released.',
      '    severity: loud',
      'Map keys must be unique',
    ],
    [
      'with a key that nobody knows',
      LAUNCHING,
      `${LAUNCHING}\n    urgent: true`,
      'rows.launch-start: Unrecognized key: "urgent"',
    ],
    ['with a trigger that nobody knows', '  launch-start:', '  launch-begin:', 'Invalid key|launch-begin'],
    ['without a row for a trigger', '  launch-start:', '  launch-begin:', 'rows.launch-start: '],
    [
      'with a channel that is not there',
      '    channels: [PagerDuty bridge, on-call page]',
      "    channels: ['#nobody', on-call page]",
      `${HERE}rows.kill-overdue-confirmed.channels.0: #nobody is no channel; there are #trading-ops, #risk`,
    ],
    [
      'with a channel twice',
      '    channels: [PagerDuty bridge, on-call page]',
      '    channels: [on-call page, on-call page]',
      'channels.1: on-call page stands there twice',
    ],
    [
      'with an audience twice',
      '    audience: [Quant On Call, Risk]',
      '    audience: [Risk, Risk]',
      `${HERE}rows.drift-review.audience.1: Risk stands there twice`,
    ],
    [
      'with a pager of which nothing is said',
      '    page: acknowledge',
      '    # page: acknowledge',
      'rows.kill-confirmed: PagerDuty bridge is a pager: say page: trigger, acknowledge or resolve',
    ],
    [
      'with a page that acknowledges nothing',
      '    of: kill-unconfirmed',
      '    # of',
      'rows.kill-overdue-confirmed.page: say of which trigger',
    ],
    [
      'with a page that resolves what triggers none',
      '    of: kill-unconfirmed',
      '    of: launch-live',
      `${HERE}rows.kill-overdue-confirmed.of: launch-live triggers no page`,
    ],
    [
      'with a mail channel to nobody',
      '  compliance mail: { via: email, to: [compliance@example.com] }',
      '  compliance mail: { via: email, to: [] }',
      `${HERE}channels.compliance mail.to: `,
    ],
    [
      'with an address that is none',
      '  compliance mail: { via: email, to: [compliance@example.com] }',
      '  compliance mail: { via: email, to: ["a@b\\r\\nBcc: c@d.example.com"] }',
      `${HERE}channels.compliance mail.to.0: `,
    ],
    ['with a channel of a kind that is none', "  '#risk': { via: slack }", "  '#risk': { via: fax }", 'channels.#risk'],
  ] as const)
    it(what, () => assert.match(refusalOf(line, instead), new RegExp(said)));

  it('with an escalation to itself, in a circle, or to what is not there', () => {
    const text = (escalateTo: string) => SHIPPED.replace('    escalateTo: [email]', `    escalateTo: [${escalateTo}]`);
    const said = (escalateTo: string) => () => void readMatrix(text(escalateTo), 'c.yaml');

    assert.throws(
      said("'#trading-ops'"),
      /c\.yaml:\d+:\d+: rows.launch-start.escalateTo.0: #trading-ops has failed already by then/,
    );
    assert.throws(said('email, compliance mail, email'), /escalateTo.2: email stands there twice/);
    assert.throws(said('fax'), /escalateTo.0: fax is no channel/);
    assert.throws(said('on-call page'), /rows.launch-start: on-call page is a pager: say page/);
  });

  it('with a page that no pager of its own hears, or an incident of none', () => {
    const said = (more: string) => () =>
      void readMatrix(SHIPPED.replace(LAUNCHING, `${LAUNCHING}\n    ${more}`), 'c.yaml');

    assert.throws(said('page: trigger'), /rows.launch-start.page: none of its channels is a pager/);
    assert.throws(said('of: kill-switch'), /rows.launch-start.of: belongs to page/);
  });

  it('with all its mistakes at once', () => {
    const text = SHIPPED.replaceAll('<reason>', '<why>');

    assert.throws(
      () => readMatrix(text, 'c.yaml'),
      (error: Error) => error.message.split('\n').length > 15,
    );
  });
});

describe('registerMatrix', () => {
  const matrix = shippedMatrix();
  const entriesIn = ({ store }: ReturnType<typeof world>) =>
    (store.logs.get('desk') ?? []).map(({ text }) => LedgerEntry.parse(JSON.parse(text)));

  it('stores the matrix, once, with an entry that names what changed and holds no address of a person', async () => {
    const made = world();
    const email = { via: 'email' as const, to: ['other@example.com'] };
    const next = { ...matrix, digest: digestOf('another'), channels: { ...matrix.channels, email } };
    made.store.records.delete('MATRIX#communications');

    await registerMatrix(MatrixText.parse(JSON.stringify(matrix)), 'v1', made.ports);
    await registerMatrix(matrix, 'v2', made.ports);
    await registerMatrix(next, 'v3', made.ports);

    assert.deepEqual(await made.store.get('MATRIX', 'communications'), next);
    const [first, second, ...more] = entriesIn(made);
    assert.deepEqual([first?.type, second?.type, more], ['communications.registered', 'communications.registered', []]);
    assert.deepEqual([first?.payload['digest'], first?.payload['before']], [matrix.digest, undefined]);
    assert.deepEqual(second?.payload, {
      digest: next.digest,
      before: matrix.digest,
      changed: ['email'],
      version: 'v3',
    });
    assert.doesNotMatch(JSON.stringify([first, second]), /@example/);
  });

  it('refuses what is no matrix', () => {
    assert.throws(() => MatrixText.parse('{"id":"communications"}'), /digest/);
  });
});
