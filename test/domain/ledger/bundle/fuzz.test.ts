import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { VERDICTS } from '../../../../domain/ledger/verify/finding.ts';
import { KEYS, trust, verified } from '../verify/a-ledger.ts';
import { aPooledLog, Dice } from '../verify/a-random-log.ts';
import { runs } from '../verify/property-runs.ts';

const GARBAGE = [
  ...[
    '',
    '{',
    '[',
    '"',
    '{}',
    '[]',
    '""',
    'null',
    '[0,0,[]]',
    '{"v":2}',
    '"\\ud800"',
    '\u2028',
    '\u0000',
    '[9007199254740993,1,[]]',
  ],
  ...[
    `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
    `{"a":${'['.repeat(3_000)}`,
    '{"__proto__":{"v":1}}',
    '{"v":1,"at":{"toString":1}}',
  ],
  '{"bundle":"tradepulse-ledger","exportedAt":"2026-11-25T00:00:00.000Z","format":3,"from":0,"log":"desk","origin":"l/desk","size":0,"to":0}',
];

/** Changes a bundle a little, as accidents and attackers do: characters, cuts, line swaps, garbage. */
const CHANGES: readonly ((lines: readonly string[], dice: Dice) => string[])[] = [
  (lines, dice) => {
    const at = dice.roll(lines.length);
    const line = lines[at] ?? '';
    const place = dice.roll(line.length + 1);
    return lines.with(
      at,
      line.slice(0, place) + String.fromCharCode(dice.roll(0x180)) + line.slice(place + dice.roll(2)),
    );
  },
  (lines, dice) => lines.slice(0, dice.roll(lines.length)),
  (lines, dice) => lines.toSpliced(dice.roll(lines.length), dice.roll(4)),
  (lines, dice) => lines.toSpliced(dice.roll(lines.length + 1), 0, dice.pick(GARBAGE)),
  (lines, dice) => lines.toSpliced(dice.roll(lines.length + 1), 0, lines[dice.roll(lines.length)] ?? ''),
  (lines, dice) => lines.with(dice.roll(lines.length), dice.pick(GARBAGE)),
  (lines, dice) => {
    const at = dice.roll(lines.length);
    const line = lines[at] ?? '';
    return lines.with(at, line.slice(0, dice.roll(line.length + 1)));
  },
  (lines, dice) => {
    const at = dice.roll(lines.length);
    return lines.with(
      at,
      (lines[at] ?? '').replaceAll(/\d+/g, (digits) => (dice.chance(3) ? String(dice.roll(99)) : digits)),
    );
  },
];

/** A verdict, whatever comes: an exception that is none fails the test, which prints the seed. */
function givesAVerdict(lines: readonly string[]): void {
  const report = verified(lines, trust({ keys: KEYS }));

  assert.ok(VERDICTS.includes(report.verdict));
  assert.equal(report.verdict === 'sound', report.findingCount === 0);
  assert.ok(report.findings.every(({ what }) => what.length > 0 && what.length < 700));
}

describe('the verifier of bundles gives a verdict and throws nothing', () => {
  it('whatever the lines are', () =>
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 60 }), { maxLength: 6 }), givesAVerdict),
      runs(20_000, 300),
    ));

  it('whatever was done to a bundle', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), async (logSeed, seed) => {
        const dice = new Dice(seed);
        let { lines } = await aPooledLog(logSeed);
        for (let times = dice.roll(4); times >= 0; times -= 1)
          lines = lines.length > 0 ? dice.pick(CHANGES)(lines, dice) : lines;

        givesAVerdict(lines);
      }),
      runs(40_000, 500),
    ));

  it('whatever stands after a good header', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(), fc.array(fc.constantFrom(...GARBAGE), { maxLength: 5 }), async (logSeed, garbage) => {
        const { lines } = await aPooledLog(logSeed);

        givesAVerdict([lines[0] ?? '', ...garbage]);
      }),
      runs(5_000, 200),
    ));
});
