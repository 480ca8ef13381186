import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { approvalId } from '../../../domain/approval/open-approval.ts';
import { closeDataIncident } from '../../../domain/data-incident/close-data-incident.ts';
import { openDataIncident } from '../../../domain/data-incident/open-data-incident.ts';
import { RunId } from '../../../domain/ids.ts';
import { requireRun } from '../../../domain/run-step.ts';
import { killUnverified } from '../../../domain/safe-mode/kill-unverified.ts';
import { openSafeMode } from '../../../domain/safe-mode/open-safe-mode.ts';
import { repeatHalt } from '../../../domain/safe-mode/repeat-halt.ts';
import { safeModeTimes } from '../../../domain/safe-mode/safe-mode-times.ts';
import { verifyNothingRests } from '../../../domain/safe-mode/verify-nothing-rests.ts';
import { shippedMonitors } from '../../fakes/shipped-monitors.ts';
import { messagesIn } from '../../fakes/told.ts';
import { REGISTRATION, risk, STRATEGY, stateOf, trader, type World } from '../../fakes/world.ts';
import { definitionOf, MachineFailed } from '../../interleavings/walk-machine.ts';
import { requested, safeWorld, untilAsked } from '../resume/a-safe-strategy.ts';
import {
  entered,
  entriesOf,
  incidentIn,
  incidentsIn,
  KILL,
  liveWorld,
  passing,
  payloadOf,
  played,
  RESUMED,
  STOP,
  stepOf,
} from './a-safe-mode.ts';

const typesIn = (made: World) => entriesOf(made).map(({ type }) => type);
const MOST_LOOKS = 60;

const REAFFIRMED = (made: World) => entered(made, 'manual', { about: 'again', actor: trader.subject });

/** Every state that works, but for the one that ends it. */
const STATES = Object.entries(definitionOf('safe-mode').States)
  .filter(([name, { Type }]) => Type === 'Task' && name !== 'Close data incident')
  .map(([name]) => name);

/** A safe mode for an outage, whose machine runs to its end; `happens` before that state. */
async function interruptedAt(state: string, happens: (made: World) => Promise<unknown>): Promise<World> {
  const made = liveWorld();
  if (state === 'Kill') made.venues.unreachable.add('XSIM');
  const step = stepOf(await entered(made, 'market-data'));
  const happened = once(() => happens(made));
  await played(made, step, async (at) => {
    await passing(made, 15);
    if (at === state) await happened();
  });
  return made;
}

/** An outage whose first run has ended its work, since a person took the strategy into safe mode again. */
async function reaffirmedWhileItLooked() {
  const made = liveWorld();
  const first = stepOf(await entered(made, 'market-data'));
  let second = first;
  await played(made, first, async (state) => {
    await passing(made, 15, ['marketData']);
    if (state === 'Keep oversight') second = stepOf(await REAFFIRMED(made));
  });
  return { made, first, second };
}

function once(act: () => Promise<unknown>): () => Promise<void> {
  let happened = false;
  return async () => {
    if (happened) return;
    happened = true;
    await act();
  };
}

describe('the machine of a safe mode', () => {
  it('halts again, proves it at the venues, and leaves it SAFE until people resume', async () => {
    const made = liveWorld();
    made.venues.resting = 3;
    const step = stepOf(await entered(made, 'risk-telemetry'));

    await played(made, step, async () => made.pass(500));

    assert.equal(stateOf(made).mode, 'SAFE');
    assert.deepEqual([made.venues.resting, made.venues.cancels], [0, 1]);
    assert.deepEqual(typesIn(made), [
      ...['safe-mode.entered', 'safe-mode.opened', 'safe-mode.halted'],
      ...['safe-mode.venue-answered', 'safe-mode.verified'],
    ]);
  });

  for (const [how, trouble] of [
    ['an order cannot be cancelled', (made: World) => Object.assign(made.venues, { resting: 1, stubborn: 99 })],
    ['a venue is silent', ({ venues }: World) => venues.unreachable.add('XSIM')],
  ] as const)
    it(`kills after ten seconds in which ${how}: signed by the service key, for a trader and a risk officer to confirm`, async () => {
      const made = liveWorld();
      trouble(made);
      const step = stepOf(await entered(made, 'heartbeat'));
      const startedAt = made.clock.now.getTime();

      await played(made, step, async () => made.pass(1_000));

      const { latch, mode } = stateOf(made);
      assert.deepEqual([mode, latch?.initiatedBy, latch?.initiatorRoles], ['KILLED', 'service:safe-mode', []]);
      assert.match(String(latch?.reason), /could not be verified: .*nobody proved by .* that nothing rests/);
      const [kill] = entriesOf(made).filter(({ type }) => type === 'kill.requested');
      const tookMs = Date.parse(String(kill?.at)) - startedAt;
      assert.ok(tookMs >= 10_000 && tookMs <= 12_000, `${tookMs} ms`);
      assert.equal(kill?.proofs[0]?.['method'], 'service-key');
      assert.equal(made.executions.started.at(-1)?.machine, 'kill');
    });

  it('says which instances were not reached, and is SAFE all the same', async () => {
    const made = liveWorld();
    made.engines.unreachable.add('btc-momentum-2');
    const step = stepOf(await entered(made, 'heartbeat'));

    const { summary } = await repeatHalt(step, made.ports);

    assert.equal(summary, 'not reached, bounded by their lease: btc-momentum-2');
  });

  it('goes by the times that people have agreed, and by ten seconds where nobody can read them', async () => {
    const made = liveWorld();
    const agreed = shippedMonitors();
    const defaults = { ...agreed.defaults, safeMode: { verifySeconds: 3, stableSeconds: 7 } };
    await made.store.put({ kind: 'MONITORS', record: { ...agreed, defaults } });
    const { get } = made.store;

    const times = await safeModeTimes(REGISTRATION, made.ports);
    made.store.get = () => Promise.reject(new Error('away'));
    const unread = await safeModeTimes(REGISTRATION, made.ports);

    made.store.get = get;
    assert.deepEqual([times.verifySeconds, times.stableSeconds, times.marketDataSlaMs], [3, 7, 60_000]);
    assert.deepEqual([unread.verifySeconds, unread.stableSeconds], [10, 120]);
  });

  it('tries a kill again until it is durable somewhere', async () => {
    const made = liveWorld();
    const step = stepOf(await entered(made, 'heartbeat'));
    made.store.commit = () => Promise.reject(new Error('away'));
    made.store.latchUnconditionally = () => Promise.reject(new Error('away'));
    const command = { ...step, failure: { Error: 'VenuesNotVerified', Cause: null } };
    const put = () => Promise.reject(new Error('away'));

    await assert.rejects(killUnverified(command, { ...made.ports, spool: { ...made.spool, put } as never }), {
      code: 'StoreUnavailable',
    });

    assert.equal((await killUnverified(command, made.ports)).verdict, 'done');
    assert.equal((await made.spool.read(STRATEGY, 0))?.actor, 'service:safe-mode');
  });

  it('kills, too, when nobody can even look: whatever else fails fails closed', async () => {
    const made = liveWorld();
    const step = stepOf(await entered(made, 'heartbeat'));
    made.venues.openOrders = () => Promise.reject(new Error('a fault of ours'));
    made.venues.unreachable.add('XSIM');

    await played(made, step, async () => made.pass(4_000));

    assert.equal(stateOf(made).mode, 'KILLED');
  });

  it('looks after the outage until feeds are stable, then proposes, and ends when two people have resumed', async () => {
    const made = liveWorld();
    const step = stepOf(await entered(made, 'market-data'));
    let looks = 0;
    await played(made, step, async (state) => {
      if (state !== 'Keep oversight') return made.pass(100);
      looks += 1;
      assert.ok(looks < MOST_LOOKS, 'it never ended');
      await passing(made, 15, looks < 4 ? ['marketData'] : []);
      const proposal = incidentIn(made)?.proposal;
      if (proposal && looks > 16) await RESUMED(made);
    });

    const incident = incidentIn(made);
    assert.deepEqual([incident?.status, incident?.outcome], ['over', `${STRATEGY} was resumed`]);
    assert.equal(incident?.course.length, incident?.looks);
    assert.deepEqual(
      typesIn(made).filter((type) => /^(data-incident|resume)\./.test(type)),
      ['data-incident.opened', ...['resume.requested', 'data-incident.resumption-proposed', 'data-incident.over']],
    );
    const told = messagesIn(made).map(({ trigger }) => trigger);
    assert.deepEqual(told, ['data-incident', 'resume-proposed', 'data-incident-over']);
    const stableMs = Date.parse(String(incident?.proposal?.at)) - Date.parse(String(incident?.stableSince));
    assert.ok(stableMs >= 120_000 && stableMs < 140_000, `proposed after ${stableMs} ms`);
    const { machine, input } = made.executions.started.at(-1) ?? {};
    assert.deepEqual([machine, input?.['runId']], ['resume', incident?.proposal?.runId]);
  });

  for (const [what, happens, outcome] of [
    ['a kill', KILL, /was killed: enough/],
    ['a stop', STOP, /was stopped/],
    ['a resumption by hand', RESUMED, /was resumed/],
  ] as const)
    for (const state of STATES)
      it(`${what} before '${state}' ends its work cleanly, and closes what it has opened`, async () => {
        const made = await interruptedAt(state, happens);

        assert.notEqual(stateOf(made).mode, 'SAFE', `it never came to '${state}'`);
        for (const each of incidentsIn(made)) assert.match(`${each.status}: ${each.outcome}`, outcome);
        assert.equal(typesIn(made).includes('kill.requested'), happens === KILL, 'it kills nothing that is over');
      });

  it('hands the outage to the run of whoever reaffirms it: one incident, looked after by one run', async () => {
    const { made, first, second } = await reaffirmedWhileItLooked();
    const handed = incidentIn(made);

    await openSafeMode(second, made.ports);
    await verifyNothingRests(second, made.ports);
    await openDataIncident(second, made.ports);

    assert.deepEqual([handed?.status, handed?.runId, incidentIn(made)?.runId], ['open', first.runId, second.runId]);
    assert.equal(payloadOf(made, 'data-incident.taken-over')?.['from'], first.runId);
    assert.equal([...made.store.records.values()].filter(({ kind }) => kind === 'DATAINCIDENT').length, 1);
  });

  for (const [when, together] of [
    ['has ended already', false],
    ['ends at the same moment', true],
  ] as const)
    it(`closes the outage of a run that ${when}, once, where a kill comes before it has taken that over`, async () => {
      const { made, first, second } = await reaffirmedWhileItLooked();
      await KILL(made);

      const closing = [
        played(made, second, async () => undefined),
        ...(together ? [closeDataIncident(first, made.ports)] : []),
      ];
      await Promise.all(closing);

      assert.deepEqual([incidentIn(made)?.status, incidentIn(made)?.runId], ['over', first.runId]);
      assert.equal(typesIn(made).filter((type) => type === 'data-incident.over').length, 1);
    });

  it('sends home a resumption that waits for people when a person takes it into safe mode', async () => {
    const made = await safeWorld();
    const resumption = await untilAsked(made, await requested(made));
    const step = stepOf(await entered(made, 'manual', { actor: risk.subject }));

    await played(made, step, async () => undefined);

    assert.deepEqual(made.executions.answered, [{ token: 'token', outcome: 'LaunchAborted' }]);
    assert.equal((await made.store.get('APPROVAL', approvalId(resumption, 'resume')))?.status, 'void');
    assert.equal(requireRun(stateOf(made), resumption, made.clock.now)?.code, 'StaleEpoch');
  });

  it('refuses to run where nobody asked for it', async () => {
    const made = liveWorld();
    const step = { strategyId: STRATEGY, runId: RunId.parse('by-hand'), epoch: 4 };

    await assert.rejects(
      played(made, step, async () => undefined),
      MachineFailed,
    );

    assert.deepEqual([stateOf(made).mode, typesIn(made)], ['ACTIVE', []]);
  });
});
