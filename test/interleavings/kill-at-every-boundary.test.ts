import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RunId } from '../../domain/ids.ts';
import { executeKill } from '../../domain/kill/execute-kill.ts';
import { Refusal } from '../../domain/refusal.ts';
import { killPorts } from '../fakes/kill-ports.ts';
import { REGISTRATION, risk, STRATEGY, stateOf } from '../fakes/world.ts';
import { beginning, boundariesOf, entriesAfter, leasesRenewed, type Played, playTo, portsOf } from './boundaries.ts';
import { runNamedStep } from './machine-steps.ts';

/** What the kill machine does by itself, in its order. */
const KILL_STEPS = ['HaltEngines', 'DisableLive', 'FreezeLaunches', 'VerifyVenues'];

/** A kill as the entrance takes it; `halting` is its machine. */
async function killed(made: Played) {
  const command = { caller: risk, strategyId: STRATEGY, reason: 'it does not look right', commandId: 'k' };
  const { runId, latched } = await executeKill(command, killPorts(made));
  assert.equal(latched, true);
  const step = { strategyId: STRATEGY, runId: RunId.parse(runId), epoch: stateOf(made).epoch };
  const halting = async (steps: readonly string[]) => {
    for (const name of steps) await runNamedStep(name, step, portsOf(made));
  };
  return { halting };
}

/** What a run may still write when it has been killed: that it undid what it had done, and let go. */
const MAY_FOLLOW = /^(launch|resume)\.(disabled|disarmed|withdrawn)$|^orchestrator\.released$|^kill-path\.cleared$/;
const OF_THE_KILL = /^(kill|freeze|flag|engine)\./;

function nothingCounted(made: Played, after: readonly { step: string; error: unknown }[]): void {
  const later = entriesAfter(made, 'kill.requested').map(({ type }) => type);
  assert.deepEqual(
    later.filter((type) => !MAY_FOLLOW.test(type) && !OF_THE_KILL.test(type)),
    [],
  );
  const passed = after.filter(({ step, error }) => error === undefined && !step.startsWith('Check'));
  assert.deepEqual(passed, [], 'a step went through after the kill');
  for (const { step, error } of after)
    if (error) assert.ok(error instanceof Refusal, `${step} failed with a fault: ${String(error)}`);
}

async function nothingTrades(made: Played): Promise<void> {
  await leasesRenewed(made);
  const { mode, lock, maxOrdersPerSec } = stateOf(made);
  assert.deepEqual([mode, lock, maxOrdersPerSec, made.flags.live], ['KILLED', undefined, 0, false]);
  for (const { instanceId } of REGISTRATION.engines) {
    assert.ok(made.engines.stateOf(instanceId).halt, `${instanceId} is not halted`);
    assert.equal(made.engines.inForce(instanceId).mode, 'SAFE');
  }
}

for (const machine of ['launch', 'resume'] as const)
  describe(`a kill during a ${machine} wins`, () => {
    for (const at of boundariesOf(machine))
      for (const first of ['the kill machine', machine])
        it(`${at.when} '${at.state}', where ${first} is the first to go on`, async () => {
          const { made, run } = await beginning(machine);
          const rest: (() => Promise<void>)[] = [];
          const risks = () => [
            made.enabled.length,
            made.engines.obeyed.filter(({ command }) => command === 'arm').length,
          ];
          let before: number[] = [];

          const { ended, after } = await playTo(made, machine, run, at, async () => {
            const { halting } = await killed(made);
            before = risks();
            await halting(first === machine ? ['FreezeLaunches'] : KILL_STEPS);
            rest.push(() => halting(KILL_STEPS));
          });
          for (const go of rest) await go();

          assert.equal(ended, at.when === 'after' ? 'through' : 'failed');
          nothingCounted(made, after);
          assert.deepEqual(risks(), before, 'the flag was switched on, or an engine armed, after the kill');
          await nothingTrades(made);
        });
  });
