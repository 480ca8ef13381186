import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../rehearsal/eventually.ts';
import { definitionOf } from '../interleavings/walk-machine.ts';
import { isDeep } from '../is-deep.ts';
import { answer, killed, startLaunch } from './launching.ts';
import { BTC, type OnALocalHost, onALocalHost } from './on-a-local-host.ts';
import { ledgersAreWhole } from './proof-of-the-ledgers.ts';

const UNDOING = new Set(['Release deployment', 'Clear probe orders', 'Disarm and disable']);

/** Every state of the launch that works, in order; its waits for people are tried in 5.1-kill-wins-over-a-launch. */
const states = Object.entries(definitionOf('launch').States)
  .filter(
    ([name, { Type, Resource = '' }]) =>
      ['Task', 'Parallel'].includes(Type) && !Resource.endsWith('.waitForTaskToken') && !UNDOING.has(name),
  )
  .map(([name]) => name);
/** Whoever is asked signs, as long as anybody is asked. */
async function everybodySigns(here: OnALocalHost, run: string): Promise<void> {
  const people = [
    ['launch-confirmation', 'trader'],
    ['launch-confirmation', 'risk'],
    ['flag-flip', 'trader'],
  ] as const;
  for (const [kind, as] of people) await answer(here, await here.question(run, kind), as);
}

/** Launches, and kills as soon as the state has been entered: it is at work, or has just done its work. */
async function killedAt(here: OnALocalHost, state: string): Promise<void> {
  const run = await startLaunch(here, BTC);
  const signing = everybodySigns(here, run).catch(() => undefined); // the kill ends what is asked
  const entered = async () => {
    const { steps = [] } = (await here.look(`/v1/runs/${run}`)) as { steps?: { name: string }[] };
    return steps.some(({ name }) => name === state);
  };
  await eventually(
    state,
    () => delay(5).then(entered),
    (is) => is,
    60_000,
  );
  await killed(here, BTC, 'risk', `while it was at '${state}'`);
  const { status, failure } = await here.ended(run, 60_000);
  await signing;

  assert.equal(status, 'FAILED', JSON.stringify(failure));
  const eyes = here.eyes[BTC];
  await eventually('live.enabled', eyes.flag, (enabled) => !enabled);
  const { halted } = await eventually('the engine', eyes.engine, (engine) => engine.halted);
  const { mode, lock, tradingAllowed } = await here.view(BTC);
  assert.deepEqual([halted, mode, lock, tradingAllowed], [true, 'KILLED', null, false]);
  const types = (await here.log(BTC)).entries.map(({ entry }) => String(entry['type']));
  const later = types.slice(types.indexOf('kill.requested'));
  assert.deepEqual(
    later.filter((type) => /^launch\.(enabled|live)$|^orchestrator\.lock$|^approval\.signed$/.test(type)),
    [],
  );
}

/** In `npm run test:deep` only: a kill freezes every launch until it is recovered, so each state takes a host of its own. */
for (const state of isDeep ? states : [])
  describe(`runbook 5.1: a kill wins over a launch at '${state}'`, () => {
    const here = onALocalHost();

    it('halts it for good, and leaves ledgers that are whole', async () => {
      await killedAt(here, state);
      await ledgersAreWhole(here);
    });
  });

it('there are states of a launch to be killed at', () => {
  assert.ok(
    states.length > 8 && states.includes('Arm and enable') && states.includes('Confirm live'),
    states.join(', '),
  );
});
