import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RunId } from '../../domain/ids.ts';
import { executeKill } from '../../domain/kill/execute-kill.ts';
import { Refusal } from '../../domain/refusal.ts';
import { answers, entriesOf, order, type Stopping, stopping } from '../domain/stop/a-stop.ts';
import { killPorts } from '../fakes/kill-ports.ts';
import { risk, STRATEGY, stateOf } from '../fakes/world.ts';
import { type Boundary, boundariesOf } from './boundaries.ts';
import { runNamedStep } from './machine-steps.ts';
import { RaceExecutions } from './race-executions.ts';
import { recoveryPorts } from './recovery-begins.ts';
import { type Context, definitionOf, MachineFailed, walkMachine } from './walk-machine.ts';

const KILL_STEPS = ['HaltEngines', 'DisableLive', 'FreezeLaunches'];
const OF_THE_KILL = /^(kill|freeze|flag|engine)\./;

/** A stop past its drain's deadline, with an order of the day and one that may stay; under the policy that comes to that state. */
async function past({ state }: Boundary): Promise<Stopping & { executions: RaceExecutions }> {
  const policy = state === 'Escalate drain' ? ('escalate' as const) : ('leave-good-till-cancelled' as const);
  const made = await stopping({ drainPolicy: policy });
  made.venues.kept = [order('a'), order('b', { timeInForce: 'day' })];
  made.pass(120_000);
  const executions = new RaceExecutions();
  return { ...made, executions, ports: { ...made.ports, executions } };
}

/** A kill as the entrance takes it, and then its machine. */
async function killed(made: Stopping): Promise<void> {
  const command = { caller: risk, strategyId: STRATEGY, reason: 'it drains too slowly', commandId: 'k' };
  const { runId } = await executeKill(command, killPorts(made));
  const step = { strategyId: STRATEGY, runId: RunId.parse(runId), epoch: stateOf(made).epoch };
  const run = (name: string) => runNamedStep(name, step, { ...made.ports, ...recoveryPorts(made).extra });
  for (const name of KILL_STEPS) await run(name);
  await run('VerifyVenues').catch((error: unknown) =>
    assert.ok(error instanceof Refusal && error.code === 'OrdersResting'),
  );
  await run('VerifyVenues'); // it cancels at its first look, and looks again
}

describe('a kill during a stop takes over', () => {
  for (const at of boundariesOf('stop'))
    it(`${at.when} '${at.state}'`, async () => {
      const made = await past(at);
      const ports = { ...made.ports, ...recoveryPorts(made).extra };
      let happened = false;
      let over: Promise<void> | undefined;
      const reached = async (when: Boundary['when'], state: string) => {
        if (happened || when !== at.when || state !== at.state) return;
        happened = true;
        over = killed(made);
        await over;
      };
      const walk = {
        execution: made.step.runId,
        pause: (state: string) => reached('before', state),
        answered: (token: string, state: string) => made.executions.answer(token, state),
        step: async (name: string, input: Context) => {
          if (name === 'ArchiveRun') return {};
          const result = await runNamedStep(name, input, ports);
          if (name === 'AskForDrainSignOff')
            void reached('while', 'Ask for drain sign-off')
              .then(() => answers(made, risk))
              .catch((error: unknown) => assert.ok(error instanceof Refusal));
          return result;
        },
      };

      const ended = await walkMachine(definitionOf('stop'), { ...made.step, drainUntil: '' }, walk).then(
        () => 'through',
        (error: unknown) => {
          assert.ok(error instanceof MachineFailed, String(error));
          return 'failed';
        },
      );
      if (at.when === 'after') await reached('after', at.state);

      await over;
      assert.equal(happened, true, 'the stop never came there');
      assert.equal(ended, at.when === 'after' ? 'through' : 'failed');
      const types = entriesOf(made).map(({ type }) => type);
      const later = types.slice(types.indexOf('kill.requested'));
      assert.deepEqual(
        later.filter((type) => !OF_THE_KILL.test(type)),
        [],
      );
      assert.deepEqual([stateOf(made).mode, made.flags.live, made.venues.kept], ['KILLED', false, []]);
      const halts = (await made.store.get('PLANNEDHALT', STRATEGY))?.halts ?? [];
      assert.ok(halts.every(({ status }) => status === (at.when === 'after' ? 'done' : 'taken-over')));
    });
});
