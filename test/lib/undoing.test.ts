import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LOCK_MS } from '../../domain/lock/renew-lock.ts';
import { type State, stateMachines } from './state-machines.ts';

/** What this test looks at beside what other tests of machines do. */
type Undone = Omit<State, 'Catch'> & { Next?: string; Catch?: readonly { ErrorEquals: string[]; Next?: string }[] };

const withLock = stateMachines.filter(({ definition }) => 'Lock deployment' in definition.States);

/** Codes of the domain that a state waits out by trying again; the others are of services, and come back at once. */
const waitedOut = ({ Retry = [] }: Undone) =>
  Retry.filter(({ ErrorEquals }) => ErrorEquals.some((name) => !/^(Contended|States\.|Lambda\.)/.test(name)));

/** The longest that a state may take without a write of its run, in milliseconds. */
function longestMs(state: Undone): number {
  const seconds = Object(state)['TimeoutSeconds'] as number; // every task has one: state-machines.test.ts
  const waits = waitedOut(state).map((retry) => {
    const { IntervalSeconds = 1, MaxAttempts = 3 } = Object(retry) as {
      IntervalSeconds?: number;
      MaxAttempts?: number;
    };
    return IntervalSeconds * MaxAttempts;
  });
  return 1000 * waits.reduce((sum, each) => sum + each, seconds);
}

it('there are two machines that lock: launch and resume', () => {
  assert.deepEqual(
    withLock.map(({ name }) => name),
    ['launch', 'resume'],
  );
});

for (const { name, definition } of withLock)
  describe(`${name}.asl.json undoes what it has done`, () => {
    const states: [string, Undone][] = Object.entries(definition.States);
    const names = states.map(([state]) => state);
    const below = (state: string) => names[names.indexOf(state) + 1];
    const undoing = new Set(['Release deployment', 'Disarm and disable', 'Clear probe orders']);
    const forward = states.filter(([state, { Type }]) => Type === 'Task' && !undoing.has(state));
    const afterLock = forward.slice(forward.findIndex(([state]) => state === 'Lock deployment') + 1);
    const caught = (state: Undone) => state.Catch?.find(({ ErrorEquals }) => ErrorEquals.includes('States.ALL'))?.Next;

    it('each undoing state stands right below the state that it undoes', () => {
      assert.equal(below('Lock deployment'), 'Release deployment');
      assert.equal(below(name === 'launch' ? 'Arm and enable' : 'Arm again'), 'Disarm and disable');
    });

    it('in reverse order: what is armed is disarmed before what is locked is released', () => {
      const { Next, Catch } = new Map(states).get('Disarm and disable') ?? {};
      assert.deepEqual([Next, Catch?.map((each) => each.Next)], ['Release deployment', ['Release deployment']]);
      const armed = afterLock.findIndex(([state]) => /^Arm /.test(state));
      for (const [at, [state, body]] of afterLock.entries())
        if (at >= armed) assert.equal(caught(body), 'Disarm and disable', state);
        else assert.ok(undoing.has(caught(body) ?? ''), `${state} is caught by ${caught(body)}`);
    });

    it('while its lock outlasts every state that waits for nobody', () => {
      for (const [state, body] of afterLock) {
        if (String(Object(body)['Resource']).endsWith('.waitForTaskToken')) continue; // the lock waits with the question
        assert.ok(longestMs(body) < LOCK_MS, `${state} may take ${longestMs(body)} ms, the lock lasts ${LOCK_MS}`);
      }
    });

    it('and hands every state after the lock the epoch that it was taken at', () => {
      assert.match(
        JSON.stringify(definition.States['Lock deployment']),
        /'epoch': \$states\.result\.epoch, 'locked': true/,
      );
      for (const [state, body] of afterLock) assert.match(JSON.stringify(body), /\$run\b/, state);
    });
  });
