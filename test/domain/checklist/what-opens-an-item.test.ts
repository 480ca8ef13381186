import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { ChecklistFacts } from '../../../domain/checklist/checklist-facts.ts';
import { computeChecklist } from '../../../domain/checklist/compute-checklist.ts';
import type { ItemId } from '../../../domain/checklist/runbook-items.ts';
import type { Delivery } from '../../../domain/communications/delivery.ts';
import { goNoGo } from '../../../domain/launch/go-no-go.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { archived, factsOf, itemOf, liveRun, rewritten, STOP, saying, stoppedRun, wholeRun } from './a-trading-run.ts';

const OTHER = digestOf('something else');

describe('an item is open', () => {
  let facts: ChecklistFacts;
  before(async () => {
    facts = await factsOf(await wholeRun());
  });
  const opens = (id: ItemId, changed: ChecklistFacts, why: RegExp) => {
    const { status, missing } = itemOf(computeChecklist(changed), id);
    assert.equal(status, 'open', id);
    assert.match(missing.join('; '), why);
  };
  const decision = () => facts.decision ?? assert.fail('there is no decision');

  it('when its gate is not there, found nothing, or says no, whatever its own verdict is', () => {
    const gates = (change: (gate: { findings: object[] }) => object) =>
      rewritten(facts, 'gates.judged', (entry) => {
        const { gates: judged } = Object(entry.payload);
        return { ...entry, payload: { ...entry.payload, gates: judged.map(change) } };
      });

    opens(
      '1.1',
      gates((gate) => ({ ...gate, gate: 'another' })),
      /does not say what the gate "change approval" found/,
    );
    opens(
      '1.2',
      gates((gate) => ({ ...gate, findings: [] })),
      /CI health/,
    );
    opens(
      '1.3',
      gates((gate) => ({ ...gate, findings: gate.findings.map((each) => ({ ...each, verdict: 'no-go' })) })),
      /\(no-go\)/,
    );
    opens('2.2', rewritten(facts, 'deployment.attested', saying({ gate: null })), /deployment.attested/);
  });

  it('when the go/no-go decision cannot be read, is of another run, or does not follow from its evidence', () => {
    const { decision: read, hash } = decision();
    const said = { ...read, verdict: 'no-go' as const };

    opens('go-no-go.1', { ...facts, decision: undefined }, /cannot be read/);
    opens('go-no-go.1', { ...facts, decision: { hash: OTHER, decision: read } }, /cannot be read/);
    opens('go-no-go.2', { ...facts, decision: { hash, decision: { ...read, run: STOP } } }, /cannot be read/);
    opens('go-no-go.2', { ...facts, decision: { hash, decision: said } }, /judged again, gives another verdict/);
  });

  it('when the decision found nothing of it, or said no to it, though it is the archived one', () => {
    const judged = (changes: object): ChecklistFacts => {
      const evidence = { ...decision().decision.evidence, ...changes };
      const gate = goNoGo(evidence);
      return {
        ...facts,
        decision: { ...decision(), decision: { ...decision().decision, evidence, gate, verdict: gate.verdict } },
      };
    };

    opens('go-no-go.1', judged({ instances: [] }), /found nothing under dashboard/);
    opens('go-no-go.1', judged({ measured: [] }), /dashboard\.btc-momentum-1\.\S+ is /);
    opens('go-no-go.3', judged({ change: null }), /governance\.\S+ is /);
  });

  it('when an entry names no file, or another one than is there', () => {
    opens('2.4', rewritten(facts, 'smoke.passed', saying({ report: 'gone' })), /names no file as report/);
    opens(
      '4.2',
      rewritten(facts, 'flag.disabled', saying({ audit: { key: 'elsewhere', hash: OTHER } })),
      /elsewhere is not there/,
    );
  });

  it('when a signature is missing, is of another document, of one person twice, or does not verify', () => {
    const signed = (change: Parameters<typeof rewritten>[2]) => rewritten(facts, 'approval.signed', change);

    opens(
      '2.3',
      rewritten(facts, 'approval.requested', saying({ kind: 'limits' })),
      /nobody was asked for a signature/,
    );
    opens('2.3', rewritten(facts, 'approval.requested', saying({ document: { action: 'another' } })), /is another one/);
    opens('2.3', signed(saying({ role: 'quant' })), /no execution-trader has signed/);
    opens('2.3', signed(saying({ digest: OTHER })), /no risk-officer has signed/);
    opens(
      '2.5',
      signed((entry) => ({ ...entry, proofs: [] })),
      /no execution-trader has signed/,
    );
    opens(
      '2.5',
      signed((entry) => ({ ...entry, payload: { approval: 7 } })),
      /no execution-trader has signed/,
    );
  });

  it('when one person has signed in both roles', async () => {
    const trader = facts.log.entries.find(({ entry }) => Object(entry).type === 'approval.signed');
    const twice = rewritten(facts, 'approval.signed', (entry) => ({
      ...Object(trader?.entry),
      seq: entry.seq,
      payload: { ...Object(trader?.entry).payload, role: entry.payload['role'] },
    }));

    opens('2.3', twice, /fewer than 2 people have signed/);
  });

  it('when a message went nowhere: no matrix, no row, no channel that acknowledged, or only one that gave up', () => {
    const { matrix } = facts;
    assert.ok(matrix);
    const { 'launch-start': _row, ...rows } = matrix.rows;
    const hurt = (changes: Partial<Delivery>, ...more: Delivery[]): ChecklistFacts => ({
      ...facts,
      deliveries: [
        ...facts.deliveries.map((each) => (each.trigger === 'launch-start' ? { ...each, ...changes } : each)),
        ...more,
      ],
    });
    const failed = { status: 'failed' as const };

    opens('6.1', { ...facts, matrix: undefined }, /no communication matrix/);
    opens('6.1', { ...facts, matrix: { ...matrix, rows: rows as typeof matrix.rows } }, /no row for launch-start/);
    opens('6.1', hurt(failed), /has not acknowledged \(failed\)/);
    opens('6.1', hurt({ ...failed, escalatedTo: 'email' }), /no delivery over email/);
    opens('6.1', hurt({ ...failed, escalatedTo: '#trading-ops' }), /escalated in a circle/);
  });

  it('but not when the channel that took over has acknowledged', () => {
    const first = facts.deliveries.find(({ trigger }) => trigger === 'launch-start') ?? assert.fail();
    const others = facts.deliveries.filter((each) => each !== first);
    const over = { ...first, id: 'email', channel: 'email' };

    const deliveries = [...others, { ...first, status: 'failed' as const, escalatedTo: 'email' }, over];

    assert.equal(itemOf(computeChecklist({ ...facts, deliveries }), '6.1').status, 'ticked');
  });

  it('when the archive names no manifest, one of another run, or one that does not follow on the one before', () => {
    const manifests = Object.keys(facts.files).filter((key) => key.includes('MANIFEST'));
    const saidBy = (json: (before: object, at: number) => unknown): ChecklistFacts => ({
      ...facts,
      files: Object.fromEntries(
        Object.entries(facts.files).map(([key, file]) =>
          manifests.includes(key)
            ? [key, { ...file, json: json(Object(file.json), manifests.indexOf(key)) }]
            : [key, file],
        ),
      ),
    });

    opens('4.5', rewritten(facts, 'run.archived', saying({ manifest: null })), /names no manifest/);
    opens(
      '4.5',
      saidBy((before) => ({ ...before, run: STOP })),
      /is no manifest of this run/,
    );
    opens(
      '4.5',
      saidBy(() => null),
      /is no manifest of this run/,
    );
    opens(
      '4.5',
      saidBy((before) => ({ ...before, previous: OTHER })),
      /does not follow on the manifest before it/,
    );
    opens(
      '4.5',
      saidBy((before) => ({ ...before, part: 3 })),
      /does not follow on the manifest before it/,
    );
    opens('8.5', rewritten(facts, 'archive.linked', saying({ manifest: OTHER })), /links another archive/);
  });

  it('when its archive says what is missing, unless a later manifest names that, or nothing could be kept of so short a run', async () => {
    const made = await stoppedRun();
    await archived(made, { missing: [{ file: 'telemetry.jsonl', why: 'it traded for less than a minute' }] });
    opens('4.5', await factsOf(made), /telemetry.jsonl: it traded for less than a minute/);

    const short = await stoppedRun(90_000);
    await archived(short, { missing: [{ file: 'telemetry.jsonl', why: 'it traded for less than a minute' }] });
    assert.equal(itemOf(computeChecklist(await factsOf(short)), '4.5').status, 'ticked');

    const live = await liveRun();
    await archived(live, { missing: [{ file: 'telemetry.jsonl', why: 'nothing was kept' }] });
    opens('4.5', await factsOf(live), /telemetry.jsonl: nothing was kept/);
    const other = await stoppedRun(90_000);
    await archived(other, { missing: [{ file: 'orders.jsonl', why: 'a venue did not answer' }] });
    opens('4.5', await factsOf(other), /orders.jsonl: a venue did not answer/);

    const late = await stoppedRun();
    await archived(late, { missing: [{ file: 'deploy.log', why: 'not there yet' }] });
    assert.equal(itemOf(computeChecklist(await factsOf(late)), '4.5').status, 'ticked');
  });

  it('when the audit of signatures failed, or tells no report', () => {
    opens(
      '7.4',
      rewritten(facts, 'review.audited', saying({ failed: 2 })),
      /2 of 6 signatures and second factors did not verify/,
    );
    opens('7.4', rewritten(facts, 'review.audited', saying({ report: OTHER })), /audit.json is not the file/);
    opens('7.4', rewritten(facts, 'review.audited', saying({ report: null })), /names no report/);
  });

  it('when orders were left that nobody has signed for, or the stop names no ticket', () => {
    opens(
      '4.3',
      rewritten(facts, 'stop.confirmed', saying({ left: [{}] })),
      /nobody was asked for a signature \(drain-sign-off\)/,
    );
    opens(
      '4.6',
      rewritten(facts, 'stop.confirmed', ({ ticket: _none, ...entry }) => entry),
      /names no ticket/,
    );
  });

  it('when the runbook was attested before the run ended', () => {
    const runbook = { evidence: [], signedAt: '2026-11-24T12:00:00.000Z', isCurrent: true };

    opens('8.upkeep', { ...facts, runbook }, /before this run ended/);
    opens('8.upkeep', { ...facts, ...goesOn(facts), runbook }, /the run has not ended/);
  });

  it('when a recovery was completed and not told, and not once it was', () => {
    const restored = rewritten(facts, 'orchestrator.released', (entry) => ({ ...entry, type: 'recovery.restored' }));
    opens('6.4', restored, /recovery-complete/);

    const trigger = 'recovery-complete';
    const told = facts.deliveries.find((each) => each.trigger === 'launch-start') ?? assert.fail();
    const channels = facts.matrix?.rows[trigger]?.channels ?? assert.fail();
    const deliveries = [...facts.deliveries, ...channels.map((channel) => ({ ...told, trigger, channel }) as const)];
    assert.equal(itemOf(computeChecklist({ ...restored, deliveries }), '6.4').status, 'ticked');
  });

  it('but not when two people have let its replay pass', () => {
    const overridden = rewritten(facts, 'smoke.passed', (entry) => ({ ...entry, type: 'smoke.overridden' }));

    assert.equal(itemOf(computeChecklist(overridden), '2.4').status, 'ticked');
  });

  it('when the log was not read to the end of the run: nobody knows whether it was killed', () => {
    const cut = ({ log }: Pick<ChecklistFacts, 'log'>): ChecklistFacts => ({ ...facts, log: { ...log, cut: true } });

    opens('5.1.1', cut(goesOn(facts)), /not read to the end of the run/);
    assert.deepEqual(computeChecklist(cut(facts)), computeChecklist(facts));
  });

  it('when an entry stands in another place than it was written to', () => {
    const moved = rewritten(facts, 'flag.disabled', (entry) => ({ ...entry, seq: entry.seq + 1 }));

    opens('4.2', moved, /says that it is entry \d+ of btc-momentum/);
  });

  it('when the log shows more than it has', () => {
    const log = { ...facts.log, entries: [...facts.log.entries, ...facts.log.entries.slice(0, 1)] };

    opens('1.1', { ...facts, log }, /shows more entries than it has/);
  });
});

/** The same run before its stop was confirmed. */
const goesOn = ({ log }: ChecklistFacts): Pick<ChecklistFacts, 'log'> => {
  const to = log.entries.findIndex(({ entry }) => Object(entry).type === 'stop.confirmed');
  return { log: { ...log, entries: log.entries.slice(0, to), to: log.from + to } };
};
