import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { recordItem } from '../../../adapters/aws/record-item.ts';
import { driftLines } from '../../../domain/drift/drift-lines.ts';
import { targetsOf } from '../../../domain/drift/targets-of.ts';
import { ago, anInstance, aSample, foundIn, position } from '../../fakes/a-sample.ts';
import { shippedMonitors } from '../../fakes/shipped-monitors.ts';
import { STRATEGY } from '../../fakes/world.ts';

const { drift: SETTINGS } = shippedMonitors().defaults;
const holding = (...positions: ReturnType<typeof position>[]) =>
  aSample({ instances: [anInstance({ report: { positions } })] });
const linesOf = (sample: ReturnType<typeof aSample>, targets: Record<string, number>) =>
  driftLines(sample, new Map(Object.entries(targets)), SETTINGS).map(({ instrument, drift }) => [
    instrument,
    Math.round(drift * 1e6) / 1e6,
  ]);

describe('driftLines (product decision 15)', () => {
  const cases: [string, ReturnType<typeof position>[], Record<string, number>, (string | number)[][]][] = [
    ['a share of the target', [position(101, 'A')], { A: 100 }, [['A', 0.01]]],
    ['the same for what is short', [position(-99, 'A')], { A: -100 }, [['A', 0.01]]],
    ['twice the target where the side is the wrong one', [position(100, 'A')], { A: -100 }, [['A', 2]]],
    ['a share of the floor where the target is small', [position(2, 'A')], { A: 1 }, [['A', 0.1]]],
    ['the whole target where nothing is held', [], { A: -5 }, [['A', 1]]],
    ['what is held and not meant to be, by the floor', [position(20, 'A')], {}, [['A', 2]]],
    ['without a price a share of the target', [position(99, 'A', 0)], { A: 100 }, [['A', 0.01]]],
    ['without a price and a target all of it', [position(1, 'A', 0)], {}, [['A', 1]]],
    [
      'the worst first, then by name',
      [position(101, 'B'), position(101, 'A'), position(110, 'C')],
      { A: 100, B: 100, C: 100 },
      [
        ['C', 0.1],
        ['A', 0.01],
        ['B', 0.01],
      ],
    ],
    [
      'nothing where both are the same, or none',
      [position(0, 'A', 0)],
      { B: 0 },
      [
        ['A', 0],
        ['B', 0],
      ],
    ],
    ['positions that are told twice, together', [position(50, 'A'), position(51, 'A')], { A: 100 }, [['A', 0.01]]],
  ];
  for (const [what, positions, targets, lines] of cases)
    it(`is ${what}`, () => assert.deepEqual(linesOf(holding(...positions), targets), lines));

  it('is a number that a record can hold, and never less for a larger difference', () =>
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        (target, differs, more) => {
          const at = (live: number) =>
            driftLines(holding(position(live, 'A')), new Map([['A', target]]), SETTINGS)[0]?.drift ?? 0;

          assert.ok(Number.isFinite(at(target + differs)));
          assert.ok(at(target + differs + more) >= at(target + differs));
        },
      ),
      { seed: 33, numRuns: 300 },
    ));
});

describe('targetsOf', () => {
  const file = (at: string) => ({ strategy: STRATEGY, at, targets: [{ instrument: 'A', quantity: 7 }] });
  const telling = (...quantities: (number | undefined)[]) =>
    quantities.map((quantity, index) =>
      anInstance({
        instanceId: `btc-momentum-${index}`,
        telemetry: { targets: quantity === undefined ? undefined : [{ instrument: 'A', quantity }] } as never,
      }),
    );
  const known = (sample: ReturnType<typeof aSample>) => {
    const targets = targetsOf(sample);
    return 'missing' in targets ? targets.missing : Object.fromEntries(targets.quantities);
  };

  it('is what all instances tell together, else the file of the evidence bucket', () => {
    assert.deepEqual(known(aSample({ instances: telling(2, 3, undefined), targets: file(ago(0)) })), { A: 5 });
    assert.deepEqual(known(aSample({ instances: telling(undefined), targets: file(ago(86_400_000)) })), { A: 7 });
  });

  it('is nothing where nobody tells, and for a file that is a day old or of the future, which is told of', () => {
    const untold = (targets?: ReturnType<typeof file>) => aSample({ instances: telling(undefined), targets });

    assert.equal(known(untold()), 'no targets of btc-momentum are told');
    assert.match(String(known(untold(file(ago(86_400_001))))), /they count for a day$/);
    assert.match(String(known(untold(file(ago(-1_001))))), /they count for a day$/);
    assert.deepEqual(
      foundIn({ ...untold(), instances: [anInstance({ telemetry: { targets: undefined } as never })] }),
      ['drift/targets warn'],
    );
  });
});

describe('a drift review in the control table', () => {
  it('falls out of the list when it is over, so that those that stand are found however many there were', () => {
    const at = ago(0);
    const review = { id: 'drift-1', strategyId: STRATEGY, openedAt: at, at, lines: [], version: 1 };
    const listedAs = (status: 'accepted' | 'over') =>
      recordItem({ kind: 'DRIFT', record: { ...review, status } }, new Date(at))['kind'];

    assert.deepEqual([listedAs('accepted'), listedAs('over')], ['DRIFT', undefined]);
  });
});
