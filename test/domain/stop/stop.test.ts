import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { askForTwoConfirmations } from '../../../domain/launch/ask-for-two-confirmations.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { abortWaiting } from '../../../domain/stop/abort-waiting.ts';
import { cancelRemainingOrders } from '../../../domain/stop/cancel-remaining-orders.ts';
import { countOpenOrders } from '../../../domain/stop/count-open-orders.ts';
import { disableLive } from '../../../domain/stop/disable-live.ts';
import { openStop } from '../../../domain/stop/open-stop.ts';
import { recordStop } from '../../../domain/stop/record-stop.ts';
import { reduceOnly } from '../../../domain/stop/reduce-only.ts';
import { requestStop, StopRequest } from '../../../domain/stop/request-stop.ts';
import { settleAlone } from '../../../domain/stop/settle-alone.ts';
import { settleStrategy } from '../../../domain/stop/settle-strategy.ts';
import { launching, RUN, START, STRATEGY, stateOf, trader, world } from '../../fakes/world.ts';
import { LATCH, STOP, stopping } from './a-stop.ts';

describe('a planned stop', () => {
  let made: Awaited<ReturnType<typeof stopping>>;
  beforeEach(async () => {
    made = await stopping();
  });

  it('drains, settles and ends OFF, with the ticket of the launch in its confirmation', async () => {
    const { step, ports } = made;
    const { drainUntil } = await openStop(step, ports);
    await disableLive(step, ports);
    await reduceOnly(step, ports);
    await countOpenOrders({ ...step, drainUntil }, ports);
    await settleStrategy(step, ports);
    await recordStop(step, ports);

    assert.deepEqual([stateOf(made).mode, stateOf(made).run, made.flags.live], ['OFF', undefined, false]);
    assert.equal(made.engines.modes.at(-1), 'SAFE');
    assert.deepEqual(made.store.storyOf(STRATEGY), [
      'stop.requested',
      'stop.opened',
      'flag.disabled',
      'mode.reduce-only',
      'strategy.settled',
      'stop.confirmed',
    ]);
    assert.ok(made.store.logs.get(STRATEGY)?.at(-1)?.text.includes('"ticket":"TP-1"'));
    assert.deepEqual(
      (await made.evidence.list('reports/live/')).map((key) => key.split('/').at(-1)),
      ['flag-off.json', 'settle.json', 'settle.log'],
    );
  });

  it('waits for a sign-off as long as people have agreed, and half a minute more', async () => {
    const { step, ports } = await stopping({ drainSignOffMinutes: 5 });

    const { drainUntil, signOffSeconds } = await openStop(step, ports);

    assert.deepEqual([drainUntil, signOffSeconds], ['2026-11-24T12:02:00.000Z', 330]);
  });

  it('fences what was under way: the epoch rises with the request', () => {
    assert.deepEqual([stateOf(made).mode, stateOf(made).epoch], ['STOPPING', 5]);
  });

  it('waits while orders rest, and after the deadline says so', async () => {
    made.venues.resting = 3;
    const command = { ...made.step, drainUntil: '2026-11-24T12:02:00.000Z' };

    await assert.rejects(countOpenOrders(command, made.ports), { name: 'OrdersResting' });
    made.pass(120_000);
    await assert.rejects(countOpenOrders(command, made.ports), { name: 'DrainDeadlinePassed' });
  });

  it('cancels at the venues by the declared policy when the deadline has passed', async () => {
    made.venues.resting = 3;

    const { summary } = await cancelRemainingOrders(made.step, made.ports);

    assert.deepEqual([summary, made.venues.resting], ['3 cancels sent to XSIM', 0]);
  });

  it('goes on when an engine does not answer, and names it', async () => {
    made.engines.unreachable.add('btc-momentum-2');

    const { summary } = await reduceOnly(made.step, made.ports);

    assert.match(summary, /btc-momentum-2/);
  });

  it('gives way to a kill', async () => {
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'KILLED', epoch: 6, latch: LATCH });

    await assert.rejects(countOpenOrders({ ...made.step, drainUntil: START.toISOString() }, made.ports), {
      name: 'StrategyKilled',
    });
    await assert.rejects(recordStop(made.step, made.ports), { name: 'StrategyKilled' });
  });

  it('is refused for a strategy that is not stopping any more', async () => {
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'SAFE' });

    await assert.rejects(recordStop(made.step, made.ports), { name: 'StrategyNotOff' });
  });

  it('belongs to its own run', async () => {
    made.store.strategies.set(STRATEGY, { ...stateOf(made), run: { id: RUN } });

    await assert.rejects(recordStop(made.step, made.ports), { name: 'LaunchAborted' });
  });

  it('sends home a launch that waits for people', async () => {
    const launch = await launching();
    await askForTwoConfirmations({ ...launch.step, taskToken: 'token-1' }, launch.ports);

    const aborted = await abortWaiting(STRATEGY, new Refusal('LaunchAborted', 'stopped', 'launch again'), launch.ports);

    assert.equal(aborted, 1);
    assert.deepEqual(launch.executions.answered, [{ token: 'token-1', outcome: 'LaunchAborted' }]);
  });
});

describe('requestStop', () => {
  const ask = (mode: 'OFF' | 'KILLED' | 'STOPPING' | 'SAFE' | 'LAUNCHING', run?: typeof RUN) =>
    requestStop(
      { ...stateOf(world()), mode, ...(run && { run: { id: run } }) },
      { caller: trader, runId: STOP, request: { reason: 'end of day', ticket: 'TP-2' }, under: undefined, now: START },
    );

  for (const mode of ['OFF', 'KILLED'] as const) {
    it(`succeeds on something ${mode}, changes nothing, and says so`, () => {
      const decision = ask(mode);

      assert.ok(!(decision instanceof Refusal));
      assert.deepEqual([decision.reply.started, decision.state.mode, decision.entries.length], [null, mode, 1]);
      assert.match(decision.reply.summary, /already/);
    });
  }

  it('aborts a launch under way', () => {
    const decision = ask('LAUNCHING', RUN);

    assert.ok(!(decision instanceof Refusal));
    assert.deepEqual([decision.state.mode, decision.state.epoch, decision.reply.started], ['STOPPING', 1, STOP]);
  });

  it('takes anything for a body', () => {
    const taken = [undefined, { reason: 7, ticket: '' }, { reason: 'x' }].map((body) =>
      JSON.stringify(StopRequest.parse(body)),
    );

    assert.deepEqual(taken, ['{}', '{}', '{"reason":"x"}']);
  });
});

describe('settleAlone', () => {
  it('settles something OFF, once for a key', async () => {
    const made = world();
    const command = { strategyId: STRATEGY, actor: trader.subject, key: 'k' };

    await settleAlone(command, made.ports);
    const { repeated } = await settleAlone(command, made.ports);

    assert.equal(repeated, true);
    assert.deepEqual(made.store.storyOf(STRATEGY), ['strategy.settled']);
  });

  it('refuses while it may trade', async () => {
    const made = await stopping();

    await assert.rejects(settleAlone({ strategyId: STRATEGY, actor: trader.subject, key: 'k' }, made.ports), {
      name: 'StrategyNotOff',
    });
  });

  it('refuses while orders rest at a venue', async () => {
    const made = world();
    made.venues.resting = 1;

    await assert.rejects(settleAlone({ strategyId: STRATEGY, actor: trader.subject, key: 'k' }, made.ports), {
      name: 'OrdersResting',
    });
  });
});
