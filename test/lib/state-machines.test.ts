import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, it } from 'node:test';
import aslValidator from 'asl-validator';
import jsonata from 'jsonata';
import { REFUSAL_CODES } from '../../domain/refusal.ts';
import { aslSteps } from '../../lib/asl-file.ts';
import { fromRoot } from '../../lib/from-root.ts';
import { type State, stateMachines, textsOf, unassigned } from './state-machines.ts';

const known = new Set<string>(REFUSAL_CODES);
/** What the Lambda service and the Step Functions integration with it call their own failures. */
const lambdaErrors = /^Lambda\.\w+Exception$/;

const rulesOf = ({ Retry = [], Catch = [] }: State) => [Retry, Catch];

it('there is a machine for launch, stop, kill, recover and resume', () => {
  const names = stateMachines.map(({ name }) => name);

  for (const machine of ['launch', 'stop', 'kill', 'recover', 'resume']) assert.ok(names.includes(machine));
});

for (const { name, path, definition, states } of stateMachines) {
  describe(`${name}.asl.json`, () => {
    const tasks = states.filter(([, { Type }]) => Type === 'Task');

    it('is what asl-validator accepts, in JSONata', () => {
      const { isValid, errorsText } = aslValidator(definition);

      assert.ok(isValid, errorsText('\n'));
      assert.equal(definition.QueryLanguage, 'JSONata');
    });

    it('gives every Task a timeout, a retry, and a comment that cites the runbook', () => {
      assert.ok(tasks.length > 0);
      for (const [state, { TimeoutSeconds, Retry = [], Comment = '' }] of tasks) {
        assert.ok(
          Number.isInteger(TimeoutSeconds) || /Seconds %\}$/.test(String(TimeoutSeconds)),
          `${state} has no TimeoutSeconds`,
        );
        assert.ok(Retry.length > 0, `${state} has no Retry`);
        assert.match(Comment, /\brunbook \d/i, `${state} does not cite the runbook`);
      }
    });

    it('catches and retries only refusals of the closed list, States.* and Lambda.*', () => {
      for (const [state, body] of states) {
        for (const error of rulesOf(body)
          .flat()
          .flatMap(({ ErrorEquals }) => ErrorEquals)) {
          assert.ok(known.has(error) || error.startsWith('States.') || lambdaErrors.test(error), `${state}: ${error}`);
        }
      }
    });

    it('puts States.ALL alone and last', () => {
      for (const [state, body] of states) {
        for (const rules of rulesOf(body)) {
          const all = rules.findIndex(({ ErrorEquals }) => ErrorEquals.includes('States.ALL'));
          if (all === -1) continue;
          assert.equal(all, rules.length - 1, `${state}: rules after States.ALL are never reached`);
          assert.deepEqual(rules[all]?.ErrorEquals, ['States.ALL'], state);
        }
      }
    });

    it('holds expressions that compile with the pinned JSONata and use nothing that AWS refuses', () => {
      for (const [place, text] of textsOf(definition).filter(([, each]) => each.includes('{%'))) {
        assert.match(text, /^\{%[\s\S]+%\}$/, `${place}: an expression is the whole text`);
        const expression = text.slice(2, -2);
        assert.doesNotThrow(() => jsonata(expression), place);
        assert.doesNotMatch(expression, /"|\$eval\b|\$\$|\?\?|\?:/, `${place}: single quotes; no $eval, $$, ?? or ?:`);
      }
    });

    it('tries nothing again that a Catch of its own name is for, only because States.ALL is', () => {
      for (const [state, { Retry = [], Catch = [] }] of states) {
        const retried = Retry.flatMap(({ ErrorEquals }) => ErrorEquals);
        const caught = Catch.flatMap(({ ErrorEquals }) => ErrorEquals);
        const unnamed = retried.includes('States.ALL') ? caught.filter((error) => !retried.includes(error)) : [];

        assert.deepEqual(unnamed, [], `${state}: give it a retrier of its own, with MaxAttempts 0`);
      }
    });

    it('uses no variable that some way to the state has not assigned', () => {
      assert.deepEqual(unassigned(definition), []);
    });

    it('has a Lambda for each placeholder, and a placeholder for each Lambda', () => {
      const files = globSync(`lambdas/${name}/*.ts`, { cwd: fromRoot() }).map((file) => basename(file, '.ts'));

      assert.deepEqual(
        aslSteps(path)
          .map((step) => step.name)
          .sort(),
        files.sort(),
      );
    });

    it('mentions placeholders inside texts only, so that it is JSON before they are filled in', () => {
      for (const [place, text] of textsOf(definition).filter(([, each]) => each.includes('${'))) {
        assert.match(text, /^\$\{[A-Za-z0-9]+\}$/, place);
      }
    });
  });
}
