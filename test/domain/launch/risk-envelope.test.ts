import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readYaml } from '../../../adapters/yaml/read-yaml.ts';
import { checkRiskEnvelope, type EngineLimits } from '../../../domain/launch/check-risk-envelope.ts';
import { gateResult, refusalOf } from '../../../domain/launch/finding.ts';
import { riskEnvelopeGate } from '../../../domain/launch/risk-envelope-gate.ts';
import { LIMITS_KEY, RiskLimits } from '../../../domain/launch/risk-limits.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { LIMITS, launching, START, STRATEGY } from '../../fakes/world.ts';

const approved = digestOf(LIMITS);
const file = (limits: unknown) => JSON.stringify({ version: 1, strategies: { [STRATEGY]: limits } }, null, 2);
const engine = (changes: object = {}): EngineLimits =>
  ({ instanceId: 'btc-momentum-1', limitsDigest: approved, mode: 'SAFE', ...changes }) as EngineLimits;
const judge = (text: string | undefined, engines: readonly EngineLimits[] = [engine()], manifest = approved) =>
  checkRiskEnvelope(STRATEGY, {
    limits: text === undefined ? undefined : readYaml(text, RiskLimits),
    approved: manifest,
    engines,
    now: START,
  });
const noes = (findings: ReturnType<typeof judge>) => findings.filter(({ verdict }) => verdict === 'no-go');

describe('checkRiskEnvelope', () => {
  it('goes when stored is approved and every engine enforces that, each with its evidence', () => {
    const findings = judge(file(LIMITS));

    assert.deepEqual(
      findings.map(({ check, verdict, evidence }) => [check, verdict, evidence.source]),
      [
        ['risk.limits-readable', 'go', LIMITS_KEY],
        ['risk.limits-approved', 'go', LIMITS_KEY],
        ['risk.effective.btc-momentum-1', 'go', 'risk/live/status of btc-momentum-1'],
      ],
    );
  });

  const { killThresholds, instruments } = LIMITS;
  const kills = (changes: object) => ({ ...LIMITS, killThresholds: { ...killThresholds, ...changes } });
  for (const [what, limits, said] of [
    ['a negative cap', { ...LIMITS, leverageCap: -1 }, /yaml:12:7: .*leverageCap: Too small/],
    ['a cap of nothing', { ...LIMITS, maxOrdersPerSec: 0 }, /yaml:13:7: .*maxOrdersPerSec: Too small/],
    ['a cap that is a word', { ...LIMITS, leverageCap: '3' }, /yaml:12:7: .*expected number, received string/],
    ['a cap beyond all reason', { ...LIMITS, leverageCap: 1e16 }, /yaml:12:7: .*Too big/],
    ['a cap that is missing', { ...LIMITS, leverageCap: undefined }, /yaml:4:5: .*leverageCap: .*received undefined/],
    ['a member that nobody knows', { ...LIMITS, colour: 'red' }, /yaml:20:7: .*Unrecognized key: "colour"/],
    ['no instrument', { ...LIMITS, instruments: {} }, /yaml:6:7: .*name at least one instrument/],
    [
      'a name that is none of an instrument',
      { ...LIMITS, instruments: { 'a b': instruments['BTC-PERP'] } },
      /an instrument is 1 to 64/,
    ],
    ['a notional cap above the kill threshold', kills({ notional: 99_999 }), /maxNotional: 100000 is above/],
    ['a leverage cap above the kill threshold', kills({ leverage: 2.5 }), /leverageCap: 3 is above/],
    ['a drawdown of more than all', kills({ drawdownBps: 10_001 }), /drawdownBps: Too big/],
  ] as const) {
    it(`refuses ${what}, with file, line and reason, whatever the manifest approves`, () => {
      const [no, ...others] = noes(judge(file(limits), [engine()], digestOf(limits)));

      assert.deepEqual([no?.check, no?.hard, others], ['risk.limits-readable', true, []]);
      assert.match(String(no?.actual), said);
    });
  }

  it('names the first mistakes of a file with many, and how many more there are', () => {
    const all = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`I${at}`, { maxNotional: -1 }]));
    const [no] = noes(judge(file({ ...LIMITS, instruments: all })));

    assert.match(String(no?.actual), /I0\.maxNotional.*I2\.maxNotional.*; and 13 more$/);
  });

  it('refuses a bomb of aliases, infinity, and a file that is not there', () => {
    const rows = Array.from({ length: 9 }, (_, at) => `  a${at + 1}: &a${at + 1} [${`*a${at}, `.repeat(9)}]`);
    const bomb = `version: 1\nstrategies:\n  a0: &a0 [x]\n${rows.join('\n')}\n`;
    const infinite = file(LIMITS).replace('"leverageCap": 3', '"leverageCap": .inf');

    assert.match(String(noes(judge(bomb))[0]?.actual), /limits.yaml:4:\d+: Excessive alias count/);
    assert.match(String(noes(judge(infinite))[0]?.actual), /leverageCap: Invalid input: expected number/);
    assert.deepEqual(
      noes(judge(undefined)).map(({ actual }) => actual),
      ['nothing there'],
    );
  });

  it('refuses limits that differ from the approved ones by one number, and a strategy without limits', () => {
    for (const text of [file({ ...LIMITS, leverageCap: 2 }), '{"version":1,"strategies":{}}'])
      assert.deepEqual(
        noes(judge(text)).map(({ check, expected }) => [check, expected]),
        [['risk.limits-approved', approved]],
      );
  });

  it('refuses when nothing was approved', () => {
    const evidence = { limits: readYaml(file(LIMITS), RiskLimits), approved: undefined, engines: [], now: START };

    assert.deepEqual(
      noes(checkRiskEnvelope(STRATEGY, { ...evidence, hash: digestOf('x') })).map(({ expected }) => expected),
      ['limits approved by a manifest'],
    );
  });

  it('warns of an engine that has earlier limits, which the deployment replaces, and lets it go', () => {
    const gate = gateResult('risk envelope', judge(file(LIMITS), [engine({ limitsDigest: digestOf('old') })]));

    assert.deepEqual([gate.verdict, refusalOf([gate])], ['warn', undefined]);
    assert.match(gate.summary, /btc-momentum-1 is sha256:\w+ still: the deployment replaces them/);
  });

  it('takes an engine upon which nothing was deployed yet for what it is', () =>
    assert.deepEqual(noes(judge(file(LIMITS), [engine({ limitsDigest: null })])), []));

  for (const mode of ['ACTIVE', 'THROTTLED', 'REDUCE_ONLY'] as const)
    it(`refuses while an engine is ${mode} upon other limits, and names it`, () => {
      const [no] = noes(judge(file(LIMITS), [engine(), engine({ instanceId: 'two', limitsDigest: 'sha256:x', mode })]));

      assert.deepEqual([no?.check, no?.hard, no?.code], ['risk.effective.two', true, 'RiskEnvelopeMismatch']);
    });

  it('refuses while an engine does not answer: nobody knows what it enforces', () => {
    const [no] = noes(judge(file(LIMITS), [{ instanceId: 'two', silent: 'no reply in time' }]));

    assert.deepEqual([no?.code, no?.actual], ['EngineUnreachable', 'no answer: no reply in time']);
  });
});

describe('riskEnvelopeGate', () => {
  it('reads the file, the manifest, and what each engine says', async () => {
    const { step, ports, engines } = await launching();
    engines.unreachable.add('btc-momentum-2');

    const gate = await riskEnvelopeGate(step, ports);

    assert.deepEqual(
      gate.findings.map(({ check, verdict }) => [check, verdict]),
      [
        ['risk.limits-readable', 'go'],
        ['risk.limits-approved', 'go'],
        ['risk.effective.btc-momentum-1', 'go'],
        ['risk.effective.btc-momentum-2', 'no-go'],
      ],
    );
    assert.equal(gate.findings[0]?.evidence.hash?.slice(0, 7), 'sha256:');
  });

  it('finds nothing where neither file nor manifest stand, and fails where an engine adapter fails', async () => {
    const made = await launching();
    made.evidence.files.clear();

    const gate = await riskEnvelopeGate(made.step, made.ports);
    made.engines.riskStatus = async () => {
      throw new TypeError('broken');
    };

    assert.deepEqual(
      gate.findings.slice(0, 1).map(({ actual }) => actual),
      ['nothing there'],
    );
    await assert.rejects(riskEnvelopeGate(made.step, made.ports), TypeError);
  });
});
