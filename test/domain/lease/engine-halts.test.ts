import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ActorId } from '../../../domain/ids.ts';
import { latchOf } from '../../../domain/kill/kill.ts';
import { renewLease } from '../../../domain/lease/renew-lease.ts';
import { isLive, Mode } from '../../../domain/mode.ts';
import { RUN, START, STRATEGY, stateOf, type World, world } from '../../fakes/world.ts';

const instanceId = 'btc-momentum-1';
const AT = START.toISOString();
const DIRECT = { by: 'direct/laptop/1', at: AT };

/** A strategy in a mode, and a renewal of its engine at the epoch of the moment. */
function inMode(mode: Mode) {
  const made = world();
  made.flags.live = true;
  const latch =
    mode === 'KILLED' && latchOf({ actor: ActorId.parse('a'), roles: [], reason: 'r', runId: RUN, now: START });
  const state = { ...stateOf(made), mode, epoch: 3, maxOrdersPerSec: 4, run: { id: RUN }, ...(latch && { latch }) };
  made.store.strategies.set(STRATEGY, state);
  const command = { clientId: `client-${instanceId}`, strategyId: STRATEGY, instanceId, report: {} };
  const renew = (halt: typeof DIRECT | null = null) =>
    renewLease({ ...command, epoch: stateOf(made).epoch, halt }, made.ports);
  return { made, renew };
}
const story = ({ store }: World) => store.storyOf(STRATEGY);
/** What an arm leaves behind: the strategy is live again, at the epoch of then. */
const armed = (made: World) => made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'ACTIVE' });

describe('a halt that the control plane did not send', () => {
  for (const by of ['direct/laptop/1', 'engine']) {
    for (const mode of Mode.options.filter((each) => isLive(each) && each !== 'STOPPING')) {
      it(`by ${by} makes what is ${mode} SAFE at a new epoch, and the ledger says why`, async () => {
        const { made, renew } = inMode(mode);

        const { mode: granted, epoch, maxOrdersPerSec } = await renew({ by, at: AT });

        assert.deepEqual([granted, epoch, maxOrdersPerSec], ['SAFE', 4, 0]);
        assert.deepEqual(
          [stateOf(made).mode, stateOf(made).latch, story(made)],
          ['SAFE', undefined, ['engine.halted']],
        );
      });
    }
  }

  it('is taken in once, however often it is told', async () => {
    const { made, renew } = inMode('ACTIVE');

    for (let times = 0; times < 3; times += 1) await renew(DIRECT);

    assert.deepEqual([story(made), stateOf(made).epoch], [['engine.halted'], 4]);
  });

  it('does not undo the arm that lifted it, when a renewal from before that arm comes late', async () => {
    const { made, renew } = inMode('ACTIVE');
    await renew(DIRECT);
    armed(made);

    const late = await renew(DIRECT);
    const next = await renew();

    assert.deepEqual([late.mode, next.mode, stateOf(made).mode], ['SAFE', 'ACTIVE', 'ACTIVE']);
    assert.deepEqual(story(made), ['engine.halted']);
  });

  it('makes it SAFE again when it is another one', async () => {
    const { made, renew } = inMode('ACTIVE');
    await renew(DIRECT);
    armed(made);

    await renew({ by: 'direct/laptop/2', at: AT });

    assert.deepEqual([stateOf(made).mode, stateOf(made).epoch], ['SAFE', 5]);
  });

  it('is written down and changes no mode where nothing trades, and a stop goes on', async () => {
    for (const mode of ['OFF', 'LAUNCHING', 'SAFE', 'STOPPING'] as const) {
      const { made, renew } = inMode(mode);

      await renew(DIRECT);

      assert.deepEqual([stateOf(made).mode, stateOf(made).epoch, story(made)], [mode, 3, ['engine.halted']]);
    }
  });

  it('is written down for a strategy that has never run', async () => {
    const { made, renew } = inMode('OFF');
    const { run: _none, ...state } = stateOf(made);
    made.store.strategies.set(STRATEGY, state);

    await renew(DIRECT);

    assert.deepEqual(story(made), ['engine.halted']);
  });

  it('adds nothing to a kill', async () => {
    const { made, renew } = inMode('KILLED');

    assert.equal((await renew(DIRECT)).mode, 'KILLED');
    assert.deepEqual(story(made), []);
  });
});

describe('a halt of our own', () => {
  it('changes nothing: a launch that halts what it armed knows why', async () => {
    const { made, renew } = inMode('ACTIVE');

    const { mode } = await renew({ by: `${RUN}/disarm`, at: AT });

    assert.deepEqual([mode, story(made)], ['ACTIVE', []]);
  });
});
