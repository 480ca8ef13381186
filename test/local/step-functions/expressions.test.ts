import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addedFunctions } from '../../../local/step-functions/expressions/added-functions.ts';
import { checkExpression } from '../../../local/step-functions/expressions/check-expression.ts';
import { evaluateTemplate } from '../../../local/step-functions/expressions/evaluate-template.ts';
import type { Json } from '../../../local/step-functions/json.ts';
import { createVirtualClock } from './virtual-clock.ts';

const functions = addedFunctions({ clock: createVirtualClock().clock, random: () => 0.25, id: () => 'an-id' });
const evaluate = (template: Json, variables: Record<string, Json> = {}) =>
  evaluateTemplate(template, 'Output', {
    bindings: { ...functions, ...variables },
    state: 'S',
    entered: 2,
    previous: 0,
  });

describe('checkExpression', () => {
  const forbidden = {
    "$eval('1')": /forbids; use \$parse/,
    '$map([1], $eval)': /forbids; use \$parse/,
    '$.a': /'\$' at the top level/,
    '$$.a': /'\$\$'/,
    '$map([1], function($x) { $$ })': /'\$\$'/,
    'input.a': /reads 'input' at the top level/,
    '{ "a": b }': /reads 'b' at the top level/,
    '$nope(1)': /calls '\$nope'/,
    '$states.input.a ?? 1': /cannot be parsed/,
    '$states.input.a ?: 1': /cannot be parsed/,
    '*': /at the top level/,
  };
  for (const [text, refusal] of Object.entries(forbidden)) {
    it(`refuses ${text}`, () => {
      assert.match(checkExpression(text) ?? 'taken', refusal);
    });
  }
  const allowed = [
    '$states.input.items[price > 5].name',
    '$states.input.items.{ "n": name }',
    '$states.input.items[$.price > 5]',
    '$map($states.input.items, function($item, $index) { $item.price * $index })',
    '($twice := function($x) { $x * 2 }; $twice(2))',
    "$merge([$states.input, { 'at': $now() }])",
    '$neverAssigned',
    '$sort($states.input.items, function($l, $r) { $l.price > $r.price })',
    '$states.input.items^(price)',
    '$states.input{ kind: $sum(price) }',
    "$hash($uuid(), 'SHA-256') & $string($random(1)) & $string($partition($range(1, 4, 1), 2))",
  ];
  for (const text of allowed) {
    it(`takes ${text}`, () => {
      assert.equal(checkExpression(text), undefined);
    });
  }
});

describe('the functions Step Functions adds', () => {
  it('cut, count, hash, parse and number as AWS documents', async () => {
    const results = {
      partition: '{% $partition([1,2,3,4,5], 2) %}',
      range: '{% $range(1, 9, 2) %}',
      down: '{% $range(3, 1, -1) %}',
      hash: "{% $hash('input data', 'SHA-1') %}",
      parse: `{% $parse('{"a":[1]}') %}`,
      uuid: '{% $uuid() %}',
      random: '{% $random() %}',
      millis: '{% $millis() %}',
      now: '{% $now() %}',
      picture: "{% $now('[Y0001]-[M01]') %}",
    };

    assert.deepEqual(await evaluate(results), {
      partition: [[1, 2], [3, 4], [5]],
      range: [1, 3, 5, 7, 9],
      down: [3, 2, 1],
      hash: 'aaff4a450a104cd177d28d18d74485e8cae074b7',
      parse: { a: [1] },
      uuid: 'an-id',
      random: 0.25,
      millis: 1795424400000,
      now: '2026-11-23T09:00:00.000Z',
      picture: '2026-11',
    });
  });

  it('draw the same number from the same seed, and another from another', async () => {
    const [one, again, other] = (await evaluate([
      '{% $random(7) %}',
      '{% $random(7) %}',
      '{% $random(8) %}',
    ])) as number[];

    assert.equal(one, again);
    assert.notEqual(one, other);
    assert.ok(Number(one) >= 0 && Number(one) < 1);
  });

  it('refuse what they cannot do', async () => {
    await assert.rejects(evaluate("{% $hash('x', 'CRC32') %}"), { error: 'States.QueryEvaluationError' });
    await assert.rejects(evaluate('{% $range(1, 5000, 1) %}'), { cause: /at most 1000/ });
    await assert.rejects(evaluate("{% $parse('{') %}"), { error: 'States.QueryEvaluationError' });
  });
});

describe('evaluateTemplate', () => {
  it('evaluates expressions at any depth and leaves everything else', async () => {
    assert.deepEqual(await evaluate({ a: ['{% 1 + 1 %}', 'x', null], b: { c: '{% $v %}' } }, { v: [1] }), {
      a: [2, 'x', null],
      b: { c: [1] },
    });
  });

  it('fails on undefined and on a function, naming the field and the expression', async () => {
    const told = "specified for the field 'Output/a[0]' returned nothing (undefined).";
    await assert.rejects(evaluate({ a: ['{% $gone %}'] }), {
      error: 'States.QueryEvaluationError',
      cause: `An error occurred while executing the state 'S' (entered at the event id #2). The JSONata expression '$gone' ${told}`,
    });
    await assert.rejects(evaluate('{% function($x) { $x } %}'), { cause: /returned nothing/ });
    await assert.rejects(evaluate('{% $sum %}'), { cause: /returned nothing/ });
  });

  it('fails when the expression throws', async () => {
    await assert.rejects(evaluate("{% 1 + 'a' %}"), { cause: /threw an error during evaluation. T2002/ });
  });
});
