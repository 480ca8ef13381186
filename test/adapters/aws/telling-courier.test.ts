import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  courierOnBus,
  tellingLedger,
  tellingRecords,
  tellingStrategies,
} from '../../../adapters/aws/telling-courier.ts';
import { announce } from '../../../domain/communications/announce.ts';
import { MessagesWaiting } from '../../../domain/communications/send-messages.ts';
import type { ControlRecord } from '../../../domain/control-record.ts';
import { Scope } from '../../../domain/kill/scope-latch.ts';
import { LogId } from '../../../domain/ledger/ledger-entry.ts';
import { RUN, START, STRATEGY, stateOf, trader, world } from '../../fakes/world.ts';

const DESK = LogId.parse('desk');
const message = announce('launch-live', { strategyId: STRATEGY, runId: RUN }, START);
const entry = { type: 'desk.noted', actor: trader.subject, payload: {} };
const entries = [entry];
const command: ControlRecord = {
  kind: 'COMMAND',
  record: { id: 'x', bodyDigest: 'd', reply: 1, at: START.toISOString() },
};

const telling = () => {
  const made = world();
  const told: string[][] = [];
  const tell = courierOnBus({
    publish: async (type, { ids }) => {
      assert.equal(type, 'messages.waiting');
      assert.ok(Array.isArray(ids));
      told.push(ids.map(String));
    },
  });
  const { store } = made;
  const stores = {
    strategies: tellingStrategies(store, tell),
    records: tellingRecords(store, tell),
    ledger: tellingLedger(store, tell),
  };
  return { ...made, ...stores, told };
};

describe('stores that tell the courier', () => {
  it('tell it of the messages of a commit, after the commit, and of none where another writer came first', async () => {
    const made = telling();
    const { strategies, store, told } = made;
    const decision = { state: stateOf(made), entries, records: [...message, command], reply: 1 };

    assert.ok(await strategies.commit(stateOf(made), decision, START));
    assert.equal(
      await strategies.commit({ ...stateOf(made), version: 99 }, { ...decision, records: message }, START),
      undefined,
    );

    assert.deepEqual(told, [[`${RUN}/launch-live`]]);
    assert.ok(await store.get('MESSAGE', `${RUN}/launch-live`));
  });

  it('tell it of messages that belong to no strategy, as they were decided in the end', async () => {
    const { ledger, told } = telling();

    await ledger.commitTo(DESK, async () => ({ entries, records: message, reply: 1 }), START);
    await ledger.commitTo(DESK, async () => ({ entries: [], records: message, reply: 1 }), START);
    await ledger.commitTo(DESK, async () => ({ entries, reply: 1 }), START);

    assert.deepEqual(told, [[`${RUN}/launch-live`]]);
  });

  it('tell it of a message that is written by itself, but for one that is settled', async () => {
    const { records, told } = telling();
    for (const each of message) {
      await records.put(each);
      if (each.kind === 'MESSAGE')
        await records.put({ kind: 'MESSAGE', record: { ...each.record, settledAt: START.toISOString() } });
    }
    await records.put(command);

    assert.deepEqual(told, [[`${RUN}/launch-live`]]);
  });

  it('are otherwise what they stand before', async () => {
    const made = telling();
    const { strategies, records, ledger, store } = made;
    const latch = { runId: RUN, initiatedBy: trader.subject, initiatorRoles: [], reason: 'x', at: START.toISOString() };

    assert.deepEqual(await strategies.read(STRATEGY), await store.read(STRATEGY));
    assert.deepEqual(await strategies.list(), await store.list());
    assert.equal((await strategies.latchUnconditionally(STRATEGY, latch, entry, START)).mode, 'KILLED');
    assert.deepEqual(await records.get('REGISTRATION', STRATEGY), await store.get('REGISTRATION', STRATEGY));
    assert.deepEqual(await records.list('TICKET', { limit: 1 }), await store.list('TICKET', { limit: 1 }));
    assert.deepEqual(await records.all('LATCH'), []);
    const scope = { ...latch, id: Scope.parse('all'), command: 'x', version: 1 };
    assert.equal((await records.latchScope(scope)).id, 'all');
    const [written] = message;
    assert.equal(written?.kind === 'MESSAGE' && (await records.replace(written)), true);
    assert.equal((await ledger.append(DESK, entries, START)).length, 1);
    assert.equal((await ledger.page(DESK, { limit: 1, order: 'asc' }))?.size, 1);
  });
});

describe('courierOnBus', () => {
  it('never throws, and waits a second at most: the sweep finds what it could not tell', async (context) => {
    const lines: string[] = [];
    context.mock.method(process.stdout, 'write', (line: string) => lines.push(line) > 0);
    context.mock.timers.enable({ apis: ['setTimeout'] });

    await courierOnBus({ publish: () => Promise.reject(new Error('the bus is away')) })(message);
    const silent = courierOnBus({ publish: () => new Promise(() => undefined) })(message);
    context.mock.timers.tick(1_000);
    await silent;

    context.mock.restoreAll();
    assert.deepEqual(
      lines.filter((line) => line.includes('courier')).map((line) => Object(JSON.parse(line))['error']),
      ['Error: the bus is away', 'Error: no answer within 1000 ms'],
    );
  });

  it('names no more messages than one event may', async () => {
    const named: unknown[] = [];
    const many = Array.from({ length: 101 }, () => message).flat();

    await courierOnBus({ publish: async (_type, { ids }) => void named.push(ids) })(many);

    const [ids] = named;
    assert.equal(MessagesWaiting.parse({ detail: { ids } }).length, 100);
  });

  it('says nothing where there is no message', async () => {
    await courierOnBus({ publish: () => Promise.reject(new Error('called')) })([command]);
    await courierOnBus({ publish: () => Promise.reject(new Error('called')) })();
  });
});
