import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { Checklist } from '../../../domain/checklist/checklist.ts';
import type { ChecklistFacts } from '../../../domain/checklist/checklist-facts.ts';
import { computeChecklist } from '../../../domain/checklist/compute-checklist.ts';
import { ITEM_IDS } from '../../../domain/checklist/runbook-items.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { runKey } from '../../../domain/run-key.ts';
import { factsOf, idsOf, itemOf, launchOf, wholeRun } from './a-trading-run.ts';

const NOT_WATCHED = ['3.1', '3.2', '3.3', '3.4'];
const BY_PEOPLE = ['7.2', '8.upkeep'];
const WITHOUT_OCCASION = /^(5\.|6\.2|6\.4)/;
const OTHER = digestOf('something else');

describe('computeChecklist', () => {
  let facts: ChecklistFacts;
  let whole: Checklist;
  before(async () => {
    facts = await factsOf(await wholeRun());
    whole = computeChecklist(facts);
  });

  it('ticks every item that evidence can tick of a run that was launched, stopped, told, archived and reviewed', () => {
    assert.deepEqual(
      idsOf(whole, 'open'),
      ITEM_IDS.filter((id) => [...NOT_WATCHED, ...BY_PEOPLE].includes(id)),
    );
    assert.ok(idsOf(whole, 'not-applicable').every((id) => WITHOUT_OCCASION.test(id)));
    assert.deepEqual(
      ['8.1', '8.2', '8.3', '8.4', '8.5', '8.6'].filter((id) => !idsOf(whole, 'ticked').includes(id)),
      [],
    );
    assert.deepEqual(Checklist.parse(JSON.parse(JSON.stringify(whole))), whole);
  });

  it('gives each ticked item its evidence: a hash, where it stands, and when it was written', () => {
    for (const { hash, source, at } of whole.items.flatMap(({ evidence }) => evidence)) {
      assert.match(hash, /^(sha256:)?[0-9a-f]{64}$/);
      assert.match(source, /^(ledger |delivery |reports\/|observability\/)/);
      assert.ok(!Number.isNaN(Date.parse(at)), at);
    }
    const ticked = whole.items.filter(({ status }) => status === 'ticked');
    assert.ok(ticked.every(({ evidence, missing }) => evidence.length > 0 && missing.length === 0));
  });

  it('says of each open item what is missing, and what to do', () => {
    const open = whole.items.filter(({ status }) => status === 'open');

    assert.ok(open.every(({ missing, next }) => missing.length > 0 && next));
  });

  it('says what is not watched yet, and ticks it by nothing that was true at the launch', () => {
    for (const id of NOT_WATCHED) {
      const { missing, evidence } = itemOf(whole, id as '3.1');
      assert.match(missing.join(), /that it finds nothing is not/);
      assert.equal(evidence.length, 1);
    }
  });

  it('believes no status of a record: nothing that somebody set ticks anything', () => {
    const bare = { ...facts, log: { ...facts.log, entries: [], to: facts.log.from } };

    const { counts, complete, course } = computeChecklist({ ...bare, run: { ...bare.run, status: 'SUCCEEDED' } });

    assert.deepEqual([counts.ticked, counts.attested, complete, course], [0, 0, false, 'launching']);
  });

  it('is the same for anybody who has the same facts, and another digest for any other', () => {
    assert.deepEqual(computeChecklist(structuredClone(facts)), whole);
    assert.notEqual(computeChecklist({ ...facts, deliveries: [] }).digest, whole.digest);
  });

  it('opens at least the item that rests on a piece of evidence when that is taken away or changed, and ticks no other', () => {
    const ticked = new Set(idsOf(whole, 'ticked'));
    for (const { source, hurt } of piecesOf(facts)) {
      const after = computeChecklist(hurt(facts));

      const resting = whole.items.filter(
        ({ id, evidence }) => ticked.has(id) && evidence.some((each) => each.source === source),
      );
      for (const { id } of resting) assert.equal(itemOf(after, id).status, 'open', `${id} rests on ${source}`);
      assert.ok(idsOf(after, 'ticked').every((id) => ticked.has(id)));
      assert.ok(after.counts.ticked < whole.counts.ticked, source);
    }
  });

  it('never ticks more for less: whatever is taken away or changed after something else was', () => {
    const pieces = piecesOf(facts).filter(({ source }) => !source.startsWith('ledger '));
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(pieces.length - 1), { minLength: 2, maxLength: 5 }), (chosen) => {
        let [hurt, ticked] = [facts, whole.counts.ticked];
        for (const at of chosen) {
          hurt = (pieces[at] ?? assert.fail()).hurt(hurt);
          const { counts } = computeChecklist(hurt);
          assert.ok(counts.ticked <= ticked);
          ticked = counts.ticked;
        }
      }),
      { seed: 8, numRuns: 20 },
    );
  });

  it('takes nothing for granted while an entry is missing or is not what was written: nobody knows what stood there', () => {
    for (const { source, hurt } of piecesOf(facts)
      .filter((piece) => piece.source.startsWith('ledger '))
      .slice(0, 6)) {
      const after = computeChecklist(hurt(facts));

      assert.deepEqual([after.counts.ticked, after.counts['not-applicable']], [0, 0], source);
      assert.match(itemOf(after, '5.1.1').missing.join(), /^the log is not whole: /);
    }
  });

  it('opens the boxes of the archive when a file that only its manifest names is not what it was', async () => {
    const key = runKey(await launchOf(await wholeRun()), 'smoke.json');

    const after = computeChecklist({ ...facts, files: { ...facts.files, [key]: { hash: OTHER, storedAt: 'now' } } });

    assert.deepEqual(
      ['4.5', '8.5', '2.4', '8.3'].map((id) => itemOf(after, id as '4.5').status),
      ['open', 'open', 'open', 'open'],
    );
    assert.match(itemOf(after, '2.4').missing.join(), /is not the file that was recorded/);
  });
});

type Piece = { readonly source: string; readonly hurt: (facts: ChecklistFacts) => ChecklistFacts };

/** Every piece of evidence there is, each taken away and each changed. */
function piecesOf({ log, files, deliveries }: ChecklistFacts): Piece[] {
  return [
    ...log.entries.flatMap(({ index, entry }): Piece[] => {
      const source = `ledger ${log.log}/${index} ${String(Object(entry).type)}`;
      const without = log.entries.filter((each) => each.index !== index);
      const edited = log.entries.map((each) =>
        each.index === index ? { ...each, entry: { ...Object(each.entry), actor: 'sub-mallory' } } : each,
      );
      return [without, edited].map((entries) => ({
        source,
        hurt: (facts) => ({ ...facts, log: { ...log, entries } }),
      }));
    }),
    ...Object.keys(files).flatMap((source): Piece[] => {
      const without = ({ [source]: _gone, ...others }: ChecklistFacts['files']) => others;
      const edited = (all: ChecklistFacts['files']) => ({ ...all, [source]: { storedAt: 'now', hash: OTHER } });
      return [without, edited].map((change) => ({
        source,
        hurt: (facts) => ({ ...facts, files: change(facts.files) }),
      }));
    }),
    ...deliveries.flatMap((delivery): Piece[] => {
      const { acknowledgedAt: _never, ...unheard } = delivery;
      const edited = [[{ ...unheard, status: 'waiting' as const }], [{ ...delivery, attempts: [] }], []];
      return edited.map((instead) => ({
        source: `delivery ${delivery.id}`,
        hurt: (facts) => ({
          ...facts,
          deliveries: [...facts.deliveries.filter(({ id }) => id !== delivery.id), ...instead],
        }),
      }));
    }),
  ];
}
