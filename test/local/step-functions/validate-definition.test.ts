import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeDiagnostics } from '../../../local/step-functions/definition/diagnostic.ts';
import { validateDefinition } from '../../../local/step-functions/definition/validate-definition.ts';
import type { Json } from '../../../local/step-functions/json.ts';

type Fields = Record<string, Json>;
const done = { Type: 'Succeed' };
const task = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Arguments: { FunctionName: 'f' }, End: true };
const machine = (states: Fields, top: Fields = {}) =>
  JSON.stringify({ QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0] ?? '', States: states, ...top });
const refusals = (states: Fields, top?: Fields) =>
  validateDefinition(machine(states, top)).map(({ location, message }) => `${location}: ${message}`);

describe('validateDefinition', () => {
  it('takes every type of state', () => {
    const branch = { StartAt: 'Inner', States: { Inner: { Type: 'Pass', Assign: { b: 1 }, End: true } } };
    const states = {
      Pass: { Type: 'Pass', Assign: { a: '{% $states.input %}' }, Next: 'Choose' },
      Choose: { Type: 'Choice', Choices: [{ Condition: '{% $a = 1 %}', Next: 'Wait' }], Default: 'Fail' },
      Wait: { Type: 'Wait', Seconds: 1, Next: 'Both' },
      Both: { Type: 'Parallel', Branches: [branch], Next: 'Each' },
      Each: {
        Type: 'Map',
        Items: '{% $a %}',
        ItemProcessor: { ...branch, ProcessorConfig: { Mode: 'INLINE' } },
        Next: 'Do',
      },
      Do: {
        ...task,
        TimeoutSeconds: 5,
        Retry: [{ ErrorEquals: ['States.ALL'] }],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Fail' }],
      },
      Fail: { Type: 'Fail', Error: 'E' },
    };

    assert.deepEqual(refusals(states), []);
  });

  const cases: [string, Fields, RegExp, Fields?][] = [
    [
      'a machine without QueryLanguage',
      { A: done },
      /^\/: 'QueryLanguage' must be 'JSONata'/,
      { QueryLanguage: 'JSONPath' },
    ],
    [
      'a state in JSONPath',
      { A: { ...done, QueryLanguage: 'JSONPath' } },
      /^\/States\/A: 'QueryLanguage' can not be 'JSONPath'/,
    ],
    [
      'a JSONPath field, naming what replaces it',
      { A: { Type: 'Pass', ResultPath: '$', End: true } },
      /A\/ResultPath: .* use Output/,
    ],
    [
      'an unknown field',
      { A: { Type: 'Pass', Speed: 1, End: true } },
      /^\/States\/A\/Speed: The field 'Speed' is not supported/,
    ],
    ['an unknown field of the machine', { A: done }, /^\/Owner/, { Owner: 'x' }],
    ['an unknown type', { A: { Type: 'Activity', End: true } }, /^\/States\/A\/Type/],
    ['a bad Next', { A: { Type: 'Pass', Next: 'B' } }, /^\/States\/A\/Next: Missing 'Next' target: B/],
    ['a bad StartAt', { A: done }, /^\/StartAt: Missing 'Next' target: Z/, { StartAt: 'Z' }],
    ['a state without End and Next', { A: { Type: 'Pass' } }, /^\/States\/A: A state needs exactly one of/],
    [
      'a state with End and Next',
      { A: { Type: 'Pass', End: true, Next: 'A' } },
      /^\/States\/A: A state needs exactly one of/,
    ],
    ['an unreachable state', { A: done, B: done }, /^\/States\/B: The state 'B' cannot be reached/],
    [
      'States.ALL beside another name',
      { A: { ...task, Retry: [{ ErrorEquals: ['States.ALL', 'X'] }] } },
      /A\/Retry\[0\]\/ErrorEquals: 'States.ALL' must stand alone/,
    ],
    [
      'States.ALL before another retrier',
      { A: { ...task, Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['X'] }] } },
      /last entry of 'Retry'/,
    ],
    [
      'a retrier with a wrong number',
      { A: { ...task, Retry: [{ ErrorEquals: ['X'], IntervalSeconds: 0 }] } },
      /IntervalSeconds/,
    ],
    ['a catcher without Next', { A: { ...task, Catch: [{ ErrorEquals: ['X'] }] } }, /required: \[Next\]/],
    [
      'an integration it does not have',
      { A: { ...task, Resource: 'arn:aws:states:::sqs:sendMessage' } },
      /A\/Resource: The resource provided/,
    ],
    [
      'a heartbeat as long as the timeout',
      { A: { ...task, TimeoutSeconds: 5, HeartbeatSeconds: 5 } },
      /HeartbeatSeconds/,
    ],
    ['a Wait without a time', { A: { Type: 'Wait', End: true } }, /exactly one of \[Seconds, Timestamp\]/],
    [
      'a Wait until a day that does not exist',
      { A: { Type: 'Wait', Timestamp: '2026-02-30T00:00:00Z', End: true } },
      /Timestamp/,
    ],
    [
      'a distributed Map',
      {
        A: {
          Type: 'Map',
          ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' }, StartAt: 'B', States: { B: done } },
          End: true,
        },
      },
      /'Mode' must be INLINE/,
    ],
    [
      'an ItemReader',
      { A: { Type: 'Map', ItemReader: {}, ItemProcessor: { StartAt: 'B', States: { B: done } }, End: true } },
      /A\/ItemReader/,
    ],
    [
      'a fault in an inner scope, with the way to it',
      { A: { Type: 'Parallel', Branches: [{ StartAt: 'B', States: { B: { Type: 'Pass' } } }], End: true } },
      /^\/States\/A\/Branches\[0\]\/States\/B:/,
    ],
    [
      'an expression that does not parse',
      { A: { Type: 'Pass', Output: '{% 1 + %}', End: true } },
      /A\/Output: The expression '1 \+' cannot be parsed/,
    ],
    [
      'an unknown function, at its place',
      { A: { Type: 'Pass', Output: { x: '{% $foo(1) %}' }, End: true } },
      /^\/States\/A\/Output\/x: .* calls '\$foo'/,
    ],
    ['an expression in Resource', { A: { ...task, Resource: '{% $x %}' } }, /'Resource' must be a constant/],
    ['half a JSONata string', { A: { Type: 'Pass', Output: '{% 1', End: true } }, /starts with \{% and ends with %\}/],
    ['an illegal variable', { A: { Type: 'Pass', Assign: { states: 1 }, End: true } }, /'states' is not a legal name/],
  ];
  for (const [what, states, expected, top] of cases) {
    it(`refuses ${what}`, () => {
      const found = refusals(states, top);

      assert.ok(
        found.some((line) => expected.test(line)),
        `${expected} is not in ${JSON.stringify(found)}`,
      );
    });
  }

  it('refuses that an inner scope assigns what the states around it assign, but not what its own state assigns', () => {
    const branch = { StartAt: 'In', States: { In: { Type: 'Pass', Assign: { x: 1 }, End: true } } };
    const outer = (first: Fields, own: Fields) => ({
      First: { Type: 'Pass', ...first, Next: 'Both' },
      Both: { Type: 'Parallel', Branches: [branch], ...own, End: true },
    });

    assert.match(String(refusals(outer({ Assign: { x: 1 } }, {}))), /'x' belongs to an outer scope/);
    assert.deepEqual(refusals(outer({}, { Assign: { x: 1 } })), []);
  });

  it('refuses callbacks and waits for children in an Express machine', () => {
    const definition = machine({ A: { ...task, Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken' } });

    const [found] = validateDefinition(definition, 'EXPRESS');

    assert.equal(found?.location, '/States/A/Resource');
    assert.match(found?.message ?? '', /does not support '.waitForTaskToken'/);
  });

  it('tells all findings at once, in the words of AWS', () => {
    const told = describeDiagnostics(validateDefinition('{"QueryLanguage":"JSONata"}'));

    assert.equal(
      told,
      "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [StartAt, States] at /'",
    );
    assert.match(describeDiagnostics(validateDefinition('no json')), /INVALID_JSON_DESCRIPTION/);
  });
});
