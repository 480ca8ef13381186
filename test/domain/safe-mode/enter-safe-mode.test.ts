import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { latchOf } from '../../../domain/kill/kill.ts';
import { Mode } from '../../../domain/mode.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { SafeModeCause } from '../../../domain/safe-mode/safe-mode.ts';
import { suspendTrading } from '../../../domain/safe-mode/suspend-trading.ts';
import { messagesIn } from '../../fakes/told.ts';
import { REGISTRATION, RUN, START, STRATEGY, stateOf, trader, world } from '../../fakes/world.ts';
import { requested, safeWorld } from '../resume/a-safe-strategy.ts';
import { entered, entriesOf, liveWorld, payloadOf, safeRun, stepOf, WATCHDOG } from './a-safe-mode.ts';

const LIVE = ['ACTIVE', 'THROTTLED', 'REDUCE_ONLY'] as const;
const person = { actor: trader.subject, about: 'by hand' };
const latch = latchOf({ actor: WATCHDOG, roles: [], reason: 'loss', runId: RUN, now: START });

describe('enterSafeMode', () => {
  for (const mode of LIVE)
    it(`makes what is ${mode} SAFE at a new epoch, with its intent and one message, and starts the machine`, async () => {
      const made = liveWorld({ mode });

      const { runId, changed, epoch } = await entered(made, 'risk-telemetry');

      const { run, safeMode, ...state } = stateOf(made);
      assert.deepEqual([changed, epoch, state.mode, state.epoch, run?.id], [true, 5, 'SAFE', 5, RUN]);
      assert.deepEqual([safeMode?.runId, safeMode?.cause, safeMode?.incident], [runId, 'risk-telemetry', undefined]);
      assert.deepEqual(made.executions.started, [
        { machine: 'safe-mode', name: runId, input: { strategyId: STRATEGY, runId, epoch: 5 } },
      ]);
      assert.deepEqual(
        entriesOf(made).map(({ type }) => type),
        ['safe-mode.entered'],
      );
      assert.equal(payloadOf(made, 'safe-mode.entered')?.['from'], mode);
      assert.deepEqual(
        messagesIn(made).map(({ trigger }) => trigger),
        ['preemptive-halt'],
      );
      assert.equal((await made.store.get('RUN', String(runId)))?.status, 'RUNNING');
    });

  it('halts every engine in the same moment, at the epoch to come, so that the next resumption can lift it', async () => {
    const made = liveWorld();
    const epochs: number[] = [];
    const { halt } = made.engines;
    made.engines.halt = (instance, command) => {
      epochs.push(command.epoch);
      return halt.call(made.engines, instance, command);
    };

    const { instances, leaseBoundMs } = await entered(made, 'heartbeat');

    assert.deepEqual(epochs, [5, 5]);
    assert.deepEqual(
      instances.map(({ status }) => status),
      ['halted', 'halted'],
    );
    assert.equal(leaseBoundMs, REGISTRATION.leaseTtlMs);
  });

  it('is SAFE all the same where an engine does not answer, and says that its lease bounds it', async () => {
    const made = liveWorld();
    made.engines.unreachable.add('btc-momentum-2');

    const { instances } = await entered(made, 'heartbeat');

    assert.deepEqual([stateOf(made).mode, instances.map(({ status }) => status)], ['SAFE', ['halted', 'unreachable']]);
  });

  it('has the halt out before anything is read where the caller knows the strategy, also with the store away', async () => {
    const made = liveWorld();
    const known = { state: stateOf(made), registration: REGISTRATION };
    const away = async () => assert.fail('the store is away');
    const ports = { ...made.ports, strategies: { ...made.store, read: away }, records: { ...made.store, get: away } };
    const { enterSafeMode } = await import('../../../domain/safe-mode/enter-safe-mode.ts');
    const command = { strategyId: STRATEGY, cause: 'heartbeat' as const, reason: 'r', actor: WATCHDOG, known };

    await assert.rejects(enterSafeMode({ ...command, runId: safeRun(made, 'x') }, ports as never), /the store is away/);

    assert.deepEqual(made.engines.calls, ['halt btc-momentum-1', 'halt btc-momentum-2']);
  });

  it('stands by what it did where the machine cannot be started now', async () => {
    const made = liveWorld();
    made.executions.down = true;

    const { changed } = await entered(made, 'heartbeat');

    assert.deepEqual([changed, stateOf(made).mode], [true, 'SAFE']);
  });

  it('does the same once, however often the watchdog asks: under the same name, and under another', async () => {
    const made = liveWorld();
    const first = await entered(made, 'market-data');

    const again = await entered(made, 'market-data');
    const other = await entered(made, 'heartbeat', { about: 'another alert' });

    assert.deepEqual([again.runId, again.epoch, other.changed, other.runId], [first.runId, 5, false, first.runId]);
    assert.deepEqual([stateOf(made).epoch, entriesOf(made).length, made.executions.started.length], [5, 1, 1]);
    assert.match(other.summary, /in safe mode already: three cycles missed/);
  });

  it('answers a repeat of a person the same, and tells no engine of an epoch that never comes', async () => {
    const made = liveWorld();
    const first = await entered(made, 'manual', person);
    made.engines.calls.length = 0;

    const again = await entered(made, 'manual', person);

    assert.deepEqual([again.epoch, again.runId, stateOf(made).epoch], [first.epoch, first.runId, 5]);
    assert.deepEqual(made.engines.calls, []);
  });

  it('needs no run, no ticket and no launch to hang on', async () => {
    const made = liveWorld({ mode: 'SAFE' });
    const { run: _none, ...state } = stateOf(made);
    made.store.strategies.set(STRATEGY, state);

    const { runId } = await entered(made, 'manual', person);

    const run = await made.store.get('RUN', String(runId));
    assert.deepEqual([run?.ticket, run?.request['trading'], stateOf(made).run], [undefined, null, undefined]);
  });

  it('names the data incident with the outage, and tells of that instead', async () => {
    const made = liveWorld();

    const { runId } = await entered(made, 'market-data');

    const incident = String(runId).replace('safe-mode-', 'data-incident-');
    assert.equal(stateOf(made).safeMode?.incident, incident);
    const [message, ...more] = messagesIn(made);
    assert.deepEqual([message?.trigger, message?.facts['incident'], more], ['data-incident', incident, []]);
  });

  it('has everything verified again for a person, whose epoch ends a resumption under way', async () => {
    const made = await safeWorld();
    const { epoch } = await requested(made);

    const reply = await entered(made, 'manual', person);

    assert.deepEqual([reply.changed, reply.epoch, stateOf(made).mode], [true, epoch + 1, 'SAFE']);
    assert.equal(made.executions.started.at(-1)?.name, reply.runId);
  });

  it('goes on with the outage that stands when a person reaffirms, under a new run, and tells nobody anew', async () => {
    const made = liveWorld();
    const outage = await entered(made, 'market-data');

    const { runId } = await entered(made, 'manual', person);

    const { safeMode, epoch } = stateOf(made);
    assert.deepEqual([safeMode?.runId, safeMode?.cause, epoch], [runId, 'market-data', 6]);
    assert.equal(safeMode?.incident, String(outage.runId).replace('safe-mode-', 'data-incident-'));
    assert.deepEqual(
      entriesOf(made).map(({ type }) => type),
      ['safe-mode.entered', 'safe-mode.reaffirmed'],
    );
    assert.equal(messagesIn(made).length, 1);
  });

  it('takes an outage of market data up where another cause stood', async () => {
    const made = liveWorld();
    await entered(made, 'heartbeat');

    const { changed, runId } = await entered(made, 'market-data');

    assert.deepEqual(
      [changed, stateOf(made).safeMode?.runId, stateOf(made).safeMode?.cause],
      [true, runId, 'market-data'],
    );
    assert.deepEqual(
      messagesIn(made).map(({ trigger }) => trigger),
      ['preemptive-halt', 'data-incident'],
    );
  });

  it('withdraws a launch under way: nobody may resume what went through no gate', async () => {
    const made = liveWorld({ mode: 'LAUNCHING' });

    const reply = await entered(made, 'manual', person);

    assert.deepEqual([reply.mode, reply.runId, reply.changed, stateOf(made).mode], ['OFF', null, true, 'OFF']);
    assert.deepEqual([stateOf(made).epoch, stateOf(made).run, made.executions.started], [5, undefined, []]);
    assert.deepEqual(made.engines.calls, ['halt btc-momentum-1', 'halt btc-momentum-2']);
    assert.equal(payloadOf(made, 'safe-mode.launch-withdrawn')?.['withdrawn'], RUN);
    const { entries } = suspendTrading({ ...stateOf(made), mode: 'LAUNCHING' }, rule);
    assert.equal(entries[0]?.payload['withdrawn'], null, 'no run holds it');
  });

  for (const [mode, says] of [
    ['OFF', /it is off/],
    ['STOPPING', /kill it if it has to be halted at once/],
    ['KILLED', /halted already/],
  ] as const)
    it(`leaves what is ${mode} as it is, says so, and records that a person asked`, async () => {
      const made = liveWorld({ mode, ...(mode === 'KILLED' && { latch }) });

      const byWatchdog = await entered(made, 'heartbeat');
      const byPerson = await entered(made, 'manual', person);

      assert.match(byPerson.summary, says);
      assert.deepEqual([byWatchdog.changed, byPerson.changed, byPerson.instances], [false, false, []]);
      assert.deepEqual([stateOf(made).epoch, made.engines.calls, made.executions.started], [4, [], []]);
      assert.deepEqual(
        entriesOf(made).map(({ type, actor }) => [type, actor]),
        [['safe-mode.requested', trader.subject]],
      );
    });

  it('is refused for no form, and for an unknown strategy only', async () => {
    const made = liveWorld();

    await entered(made, 'manual', { ...person, reason: 42 });

    assert.equal(stateOf(made).safeMode?.reason, 'not given');
    const nowhere = world();
    nowhere.store.strategies.clear();
    await assert.rejects(entered(nowhere, 'manual', person), { code: 'UnknownStrategy' });
  });

  it('has no step for what was not entered', () => {
    assert.throws(() => stepOf({ ...suspendTrading(stateOf(world()), rule).reply, instances: [], leaseBoundMs: 1 }));
  });
});

const rule = { cause: 'heartbeat' as const, reason: 'r', actor: WATCHDOG, runId: RUN, now: START };

const AFTER: Partial<Record<Mode, Mode>> = {
  ...{ LAUNCHING: 'OFF', ACTIVE: 'SAFE', THROTTLED: 'SAFE', REDUCE_ONLY: 'SAFE' },
};

/** A strategy in a mode, where a safe mode may stand already. */
function inMode(mode: Mode, standing: SafeModeCause | null) {
  const state = stateOf(liveWorld({ mode, ...(mode === 'KILLED' && { latch }) }));
  const before = { runId: RUN, reason: 'before', by: WATCHDOG, at: START.toISOString() };
  return standing ? { ...state, safeMode: { ...before, cause: standing } } : state;
}

describe('suspendTrading', () => {
  it('never makes trading riskier, from any mode, for any cause: at most SAFE, or what was safer before', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...Mode.options),
        fc.constantFrom(...SafeModeCause.options),
        fc.option(fc.constantFrom(...SafeModeCause.options)),
        (mode, cause, standing) => {
          const before = inMode(mode, standing);

          const { state, reply, entries } = suspendTrading(before, { ...rule, cause });

          assert.deepEqual([state.mode, reply.mode], [AFTER[mode] ?? mode, AFTER[mode] ?? mode]);
          assert.equal(state.epoch, before.epoch + Number(reply.changed));
          assert.ok(reply.changed ? entries.length === 1 : isDeepStrictEqual(state, before));
        },
      ),
      { seed: 52, numRuns: 300 },
    ));

  it('is a decision, never a refusal', () => {
    for (const mode of Mode.options)
      assert.ok(!(suspendTrading(stateOf(liveWorld({ mode })), rule) instanceof Refusal));
  });
});
