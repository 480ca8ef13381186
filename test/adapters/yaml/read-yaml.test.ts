import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { problemLines, readYaml } from '../../../adapters/yaml/read-yaml.ts';

const Orders = z.strictObject({
  venue: z.string(),
  limits: z.array(z.strictObject({ instrument: z.string(), max: z.number().positive() })),
  note: z.unknown().optional(),
});
const good = 'venue: XNYS\nlimits:\n  - instrument: AAPL\n    max: 10\n';
const problems = (text: string) => problemLines('limits.yaml', readYaml(text, Orders).problems ?? []);

describe('readYaml', () => {
  it('gives the value of a file that keeps its schema, and of the same thing as JSON', () => {
    const value = { venue: 'XNYS', limits: [{ instrument: 'AAPL', max: 10 }] };

    assert.deepEqual(readYaml(good, Orders), { value });
    assert.deepEqual(readYaml(JSON.stringify(value), Orders), { value });
  });

  const mistakes: [string, string, string][] = [
    [
      'a negative number, at its key',
      good.replace('10', '-10'),
      'limits.yaml:4:5: limits.0.max: Too small: expected number to be >0',
    ],
    [
      'a value that is missing, at what lacks it',
      good.replace('    max: 10\n', ''),
      'limits.yaml:3:5: limits.0.max: Invalid input: expected number, received undefined',
    ],
    ['an unknown key, at the key', `${good}    colour: red\n`, 'limits.yaml:5:5: limits.0: Unrecognized key: "colour"'],
    [
      'an entry of the wrong kind',
      `${good}  - 7\n`,
      'limits.yaml:5:5: limits.1: Invalid input: expected object, received number',
    ],
    ['a key that stands there twice', `${good}venue: XNAS\n`, 'limits.yaml:5:1: Map keys must be unique'],
    ['what is no YAML', 'venue: [XNYS\nlimits: 3', 'limits.yaml:2:1:'],
    ['two documents in one file', `${good}---\nvenue: XNAS\n`, 'limits.yaml:5:1: Source contains multiple documents'],
    [
      'a tag that would make something else of a value',
      `venue: !!js/function x\nlimits: []`,
      'limits.yaml:1:8: Unresolved tag',
    ],
    ['an empty file', '', 'limits.yaml:1:1: Invalid input: expected object, received null'],
    ['an alias that names nothing', 'venue: *x\nlimits: []', 'limits.yaml:1:8: '],
  ];
  for (const [what, text, said] of mistakes)
    it(`refuses ${what}, with line and column`, () => {
      assert.ok(problems(text).startsWith(said), problems(text));
    });

  it('names every mistake of a file, not the first alone', () => {
    assert.equal(problems('venue: 3\nlimits: 4\n').split('\n').length, 2);
  });

  it('finds a mistake behind an alias at the alias', () => {
    const text = 'venue: XNYS\nnote: &all [{ instrument: A, max: -1 }]\nlimits: *all\n';

    assert.equal(problems(text), 'limits.yaml:3:1: limits.0.max: Too small: expected number to be >0');
  });

  it('refuses aliases that multiply, before it has multiplied them', () => {
    const rows = Array.from({ length: 9 }, (_, at) => `  a${at + 1}: &a${at + 1} [${`*a${at}, `.repeat(9)}]`);
    const bomb = `venue: XNYS\nlimits: []\nnote:\n  a0: &a0 [lol]\n${rows.join('\n')}\n`;

    assert.match(problems(bomb), /^limits\.yaml:5:\d+: Excessive alias count/);
  });

  it('refuses what is nested too deep or too long, instead of failing', () => {
    assert.match(problems(`note: ${'['.repeat(100_000)}`), /^limits\.yaml:1:\d+: nested too deep$/);
    assert.match(
      problems(`note: ${'x'.repeat(1_000_000)}`),
      /^limits\.yaml:1:1: 1000006 characters; 1000000 are read at most$/,
    );
  });
});
