import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { change } from '../../domain/change.ts';
import { RunId } from '../../domain/ids.ts';
import { requestLaunch } from '../../domain/launch/request-launch.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { RunStep } from '../../domain/run-step.ts';
import { requestStop } from '../../domain/stop/request-stop.ts';
import { REGISTRATION, risk, STRATEGY, stateOf, trader } from '../fakes/world.ts';
import { beginning, boundariesOf, entriesAfter, leasesRenewed, type Played, playTo, portsOf } from './boundaries.ts';
import { runNamedStep } from './machine-steps.ts';

const STOP = RunId.parse('stop-btc-momentum-20261124-0123456789ab');
/** What the stop machine does once it is open, in its order. */
const STOP_STEPS = [
  ...['DisableLive', 'ReduceOnly', 'CountOpenOrders', 'CloseOrderEntry', 'CancelRemainingOrders'],
  ...['ConfirmNothingRests', 'SettleStrategy', 'RecordStop'],
];

/** A stop as the API takes it, with the first step of its machine, which sends home whatever waits for people. */
async function stopped(made: Played) {
  const stop = { caller: risk, runId: STOP, request: {}, under: undefined, now: made.ports.now() };
  const { reply } = await change(STRATEGY, { key: 'stop', body: 0 }, (state) => requestStop(state, stop), made.ports);
  assert.equal(reply.started, STOP);
  const step = { strategyId: STRATEGY, runId: STOP, epoch: reply.epoch };
  const run = (name: string) =>
    runNamedStep(name, { ...step, drainUntil: made.ports.now().toISOString() }, portsOf(made));
  await run('OpenStop');
  return async () => {
    for (const name of STOP_STEPS) await run(name);
  };
}

/** Asks for the next launch, the day after. */
async function launchAgain(made: Played): Promise<RunStep> {
  const runId = RunId.parse('launch-btc-momentum-20261124-ba9876543210');
  const asked = { caller: trader, runId, request: { environment: 'prod' }, freezes: [], now: made.ports.now() };
  const decision = requestLaunch(stateOf(made), asked);
  assert.ok(!(decision instanceof Refusal), String(decision));
  await made.store.commit(stateOf(made), decision, made.ports.now());
  return { strategyId: STRATEGY, runId, epoch: decision.reply.epoch };
}

const MAY_FOLLOW = /^(launch|resume)\.(disabled|disarmed|withdrawn)$|^orchestrator\.released$|^kill-path\.cleared$/;
const OF_THE_STOP = /^(stop|flag|mode|strategy)\./;

for (const machine of ['launch', 'resume'] as const)
  describe(`a stop during a ${machine} ends it`, () => {
    for (const at of boundariesOf(machine))
      it(`${at.when} '${at.state}', and the next launch goes live`, async () => {
        const { made, run } = await beginning(machine);
        const rest: (() => Promise<void>)[] = [];

        const { ended } = await playTo(made, machine, run, at, async () => void rest.push(await stopped(made)));
        for (const go of rest) await go();

        assert.equal(ended, at.when === 'after' ? 'through' : 'failed');
        const later = entriesAfter(made, 'stop.requested').map(({ type }) => type);
        assert.deepEqual(
          later.filter((type) => !MAY_FOLLOW.test(type) && !OF_THE_STOP.test(type)),
          [],
        );
        const { mode, lock, run: holder } = stateOf(made);
        assert.deepEqual([mode, lock, holder, made.flags.live], ['OFF', undefined, undefined, false]);
        await leasesRenewed(made);
        for (const { instanceId } of REGISTRATION.engines) assert.equal(made.engines.inForce(instanceId).mode, 'SAFE');
        const next = await launchAgain(made);
        const again = await playTo(made, 'launch', next, { when: 'after', state: 'Launched' }, async () => undefined);
        assert.deepEqual([again.ended, stateOf(made).mode, made.flags.live], ['through', 'ACTIVE', true]);
      });
  });
