import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RunId } from '../../../domain/ids.ts';
import { kill } from '../../../domain/kill/kill.ts';
import { enterSafeMode } from '../../../domain/safe-mode/enter-safe-mode.ts';
import { requestStop } from '../../../domain/stop/request-stop.ts';
import { venueInput } from '../../../domain/venue-incident/venue-step.ts';
import { messagesIn } from '../../fakes/told.ts';
import { STRATEGY, stateOf, trader, type World } from '../../fakes/world.ts';
import { entriesOf, incidentIn, open, renew, trading, typesOf } from './a-venue-incident.ts';
import { STATES, walk } from './walk-venue-machine.ts';

const LOOK = ['Watch venue', 'Wait for the next look'];
const later = (made: World) => (made.clock.now.getTime() - Date.parse('2026-11-24T12:00:00.000Z')) / 1_000;

/** An incident that is open, and what its machine is given. */
async function opened() {
  const made = trading();
  await renew(made, 900);
  await open(made);
  return { made, input: venueInput(await incidentIn(made)) };
}

/** Engines go on renewing before each look; the venue is slow until so many seconds after the beginning, and then it is not. */
const slowUntil = (made: World, seconds: number) => async () => {
  await renew(made, later(made) < seconds ? 900 : 20);
};

describe('the machine of a venue in trouble', () => {
  it('kills at the deadline to the second, says why, signed by the service, and is done', async () => {
    const { made, input } = await opened();

    const path = await walk(made, input, { before: slowUntil(made, 10_000) });

    assert.deepEqual(path.slice(-3), ['Kill strategy', 'Close incident', 'Over']);
    assert.equal(later(made), 300);
    const [requested] = entriesOf(made, 'kill.requested');
    assert.equal(requested?.payload['reason'], 'XSIM unstable for more than 5 minutes');
    assert.equal(requested?.proofs[0]?.['method'], 'service-key');
    assert.equal(stateOf(made).mode, 'KILLED');
    const { status, outcome } = await incidentIn(made);
    assert.deepEqual([status, outcome], ['killed', `${STRATEGY} was killed: XSIM unstable for more than 5 minutes`]);
    assert.ok(path.length < 80, 'an execution may have 25,000 events');
  });

  it('ends as stable once nothing was amiss for a minute, and leaves the rate to two people', async () => {
    const { made, input } = await opened();

    const path = await walk(made, input, { before: slowUntil(made, 95) });

    assert.deepEqual(path.slice(-2), ['Close as stable', 'Stable']);
    assert.equal(later(made), 100 + 60);
    assert.deepEqual([stateOf(made).mode, stateOf(made).maxOrdersPerSec], ['THROTTLED', 1]);
    assert.deepEqual(typesOf(made, 'venue-incident.'), [
      'venue-incident.opened',
      'venue-incident.ticket-due',
      'venue-incident.stable',
    ]);
    assert.equal(messagesIn(made, 'venue-stable').length, 1);
  });

  it('kills what was stable too late: nobody moves the deadline', async () => {
    const { made, input } = await opened();

    const path = await walk(made, input, { before: slowUntil(made, 245) });

    assert.ok(path.includes('Kill strategy'));
    assert.equal(later(made), 300);
  });

  it('begins to count anew when it is unstable again in between', async () => {
    const { made, input } = await opened();
    const flaps = async () => renew(made, [0, 1, 2, 5, 6].includes(Math.floor(later(made) / 20)) ? 900 : 20);

    await walk(made, input, { before: flaps });

    assert.equal((await incidentIn(made)).status, 'stable');
    assert.equal(later(made), 140 + 60);
  });

  it('kills while the venue cannot be asked: nobody could cancel what rests there', async () => {
    const { made, input } = await opened();
    made.venues.unreachable.add('XSIM');

    const path = await walk(made, input, { before: slowUntil(made, 0) });

    assert.deepEqual(path.filter((state) => LOOK.includes(state)).length, 5);
    const [requested] = entriesOf(made, 'kill.requested');
    assert.equal(requested?.payload['reason'], 'XSIM gave us no usable answer 3 times in a row');
  });

  it('kills at the deadline while the store cannot be read, however long that has been so', async () => {
    const { made, input } = await opened();
    const read = made.store.get;
    const before = async (state: string) => {
      if (state === 'Watch venue') made.store.get = () => Promise.reject(new Error('the store is away'));
      if (state === 'Kill strategy') made.store.get = read; // it comes back for the kill alone
    };

    const path = await walk(made, input, { before });

    assert.deepEqual(path.slice(2, 5), ['Watch venue', 'Hold the deadline', 'Wait for the next look']);
    assert.deepEqual(path.slice(-4), ['Hold the deadline', 'Kill strategy', 'Close incident', 'Over']);
    assert.equal(later(made), 300);
    assert.equal(entriesOf(made, 'kill.requested')[0]?.payload['reason'], 'XSIM unstable for more than 5 minutes');
  });

  it('refuses to watch what nobody has opened', async () => {
    const made = trading();
    const runId = RunId.parse('venue-instability-by-hand');
    const times = { openedAt: '2026-11-24T12:00:00.000Z', killAt: '2026-11-24T12:00:00.000Z' };

    const path = await walk(made, { strategyId: STRATEGY, venue: 'XSIM', runId, ...times });

    assert.deepEqual(path, ['Open venue incident', 'Not watched']);
    assert.equal(stateOf(made).mode, 'ACTIVE');
  });
});

describe('a restart of everything', () => {
  const goesOn = ['Close as stable', 'Stable', 'Over', 'Not watched'];
  for (const state of STATES.filter((each) => !goesOn.includes(each)))
    it(`at '${state}' moves no deadline`, async () => {
      const { made, input } = await opened();
      made.pass(123_000); // so long it was down

      const path = await walk(made, input, { from: state, before: slowUntil(made, 10_000) });

      assert.deepEqual(path.slice(-3), ['Kill strategy', 'Close incident', 'Over']);
      assert.equal(later(made), state === 'Kill strategy' ? 123 : 300);
      assert.equal(stateOf(made).mode, 'KILLED');
    });

  it("at 'Close as stable' ends what was stable before", async () => {
    const { made, input } = await opened();
    made.pass(3_600_000);

    assert.equal((await walk(made, input, { from: 'Close as stable' })).at(-1), 'Stable');
    assert.equal((await walk(made, input, { from: 'Close as stable' })).at(-1), 'Stable');

    assert.equal(typesOf(made, 'venue-incident.stable').length, 1);
  });

  it('long after the deadline kills at the first look, also when all is well by then: nobody has seen that it was', async () => {
    const { made, input } = await opened();
    made.pass(3_600_000);

    await walk(made, input, { from: 'Watch venue', before: slowUntil(made, 0) });

    assert.equal(stateOf(made).mode, 'KILLED');
    assert.equal(later(made), 3_600);
  });
});

const ENDS = {
  'a kill by a person': async (made: World) => {
    const now = made.clock.now;
    const runId = RunId.parse('kill-btc-momentum-20261124-0123456789ab');
    const command = { actor: trader.subject, roles: trader.roles, reason: 'enough', runId, now };
    await made.store.commit(stateOf(made), kill(stateOf(made), command), now);
  },
  'a stop by a person': async (made: World) => {
    const runId = RunId.parse('stop-btc-momentum-20261124-0123456789ab');
    const asked = { caller: trader, runId, request: {}, under: undefined, now: made.clock.now };
    await made.store.commit(stateOf(made), requestStop(stateOf(made), asked), made.clock.now);
  },
  'safe mode': async (made: World) => {
    const runId = RunId.parse('safe-mode-btc-momentum-20261124-0123456789ab');
    const command = { strategyId: STRATEGY, cause: 'manual' as const, reason: 'enough', actor: trader.subject, runId };
    await enterSafeMode(command, made.ports);
  },
};

for (const [what, end] of Object.entries(ENDS))
  describe(`${what} ends the watch of a venue`, () => {
    for (const state of STATES.slice(0, 4))
      it(`before '${state}'`, async () => {
        const { made, input } = await opened();
        let isEnded = false;
        const before = async (at: string) => {
          if (at === state && !isEnded) {
            isEnded = true;
            await end(made);
          } else await renew(made, 900);
        };

        const path = await walk(made, input, { before });

        assert.deepEqual(path.slice(-2), ['Close incident', 'Over']);
        assert.ok(later(made) <= 20);
        assert.equal(entriesOf(made, 'kill.').length, what === 'a kill by a person' ? 1 : 0);
        assert.equal((await incidentIn(made)).status, what === 'a kill by a person' ? 'killed' : 'closed');
        assert.equal(messagesIn(made, 'venue-incident-over').length, 1);
      });

    it('also while it is about to kill: nothing is killed twice, and nothing that has ended', async () => {
      const { made, input } = await opened();
      const before = async (at: string) => {
        if (at === 'Kill strategy') await end(made);
        else await renew(made, 900);
      };

      const path = await walk(made, input, { before });

      assert.deepEqual(path.slice(-3), ['Kill strategy', 'Close incident', 'Over']);
      assert.equal(entriesOf(made, 'kill.').length, what === 'a kill by a person' ? 1 : 0);
    });
  });
