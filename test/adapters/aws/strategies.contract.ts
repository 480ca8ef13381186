import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { change } from '../../../domain/change.ts';
import { LogId } from '../../../domain/ledger/ledger-entry.ts';
import type { ControlRecords, Ledger, Strategies } from '../../../domain/ports/strategies.ts';
import { newStrategy, type Strategy } from '../../../domain/strategy.ts';
import { AT, aStrategy, command, decided, entry, freeze, latch } from './samples.ts';

export type Store = { strategies: Strategies; records: ControlRecords; ledger: Ledger };

const everything = { limit: 100, order: 'asc' } as const;

/** What every store of strategies must do. The fake and the DynamoDB adapter both run it, so the fake cannot drift. */
export function strategiesContract(name: string, open: () => Store): void {
  const typesOf = async ({ ledger }: Store, { id }: Strategy) =>
    (await ledger.page(LogId.parse(id), everything))?.entries.map(({ entry: each }) => (each as { type: string }).type);
  /** Registers a strategy and reads it back. */
  const registered = async ({ strategies }: Store): Promise<Strategy> => {
    const { id } = aStrategy();
    await strategies.commit(newStrategy(id), decided(newStrategy(id), [entry('strategy.registered')]), AT);
    const state = await strategies.read(id);
    assert.ok(state);
    return state;
  };

  describe(`${name} keeps the Strategies contract`, () => {
    it('knows nothing of a strategy that nobody committed', async () => {
      assert.equal(await open().strategies.read(aStrategy().id), undefined);
    });

    it('writes state, entries and records together, and the command with its receipt', async () => {
      const store = open();
      const before = await registered(store);
      const decision = decided({ ...before, mode: 'LAUNCHING' }, [entry('a.b'), entry('c.d')], [command(before.id)]);

      const receipts = await store.strategies.commit(before, decision, AT);

      const after = await store.strategies.read(before.id);
      assert.deepEqual([after?.mode, after?.version, after?.ledgerSize], ['LAUNCHING', 2, 3]);
      assert.deepEqual(await typesOf(store, before), ['strategy.registered', 'a.b', 'c.d']);
      assert.deepEqual((await store.records.get('COMMAND', before.id))?.receipt, receipts?.at(-1));
      assert.deepEqual([receipts?.length, receipts?.at(-1)?.index], [2, 2]);
    });

    it('lets one of many racing writers win, and writes nothing of the others', async () => {
      const store = open();
      const before = await registered(store);
      const runs = ['a', 'b', 'c', 'd'].map((run) => `${before.id}-${run}`);

      const won = await Promise.all(
        runs.map((run) => store.strategies.commit(before, decided(before, [entry('a.b')], [freeze(run)]), AT)),
      );

      assert.equal(won.filter((receipts) => receipts !== undefined).length, 1);
      const written = await Promise.all(runs.map((run) => store.records.get('FREEZE', run)));
      assert.deepEqual(
        written.map((record) => record !== undefined),
        won.map((receipts) => receipts !== undefined),
      );
      assert.deepEqual(await typesOf(store, before), ['strategy.registered', 'a.b']);
    });

    it('takes each of many racing commands once, however often it is sent, and leaves no gap', async () => {
      const store = open();
      const { id } = await registered(store);
      const jitter = (attempt: number) => delay(Math.random() * 5 * (attempt + 1));
      const send = (key: string) =>
        change(
          id,
          { key: `${id}/${key}`, body: key },
          (state) => decided({ ...state, epoch: state.epoch + 1 }, [entry('a.b', { key }), entry('c.d', { key })]),
          { ...store, jitter, now: () => AT },
        );
      const keys = ['1', '2', '3', '4', '5', '6'];

      const sent = await Promise.all([...keys, ...keys].map((key) => send(key)));

      const page = await store.ledger.page(LogId.parse(id), everything);
      const state = await store.strategies.read(id);
      assert.deepEqual(
        page?.entries.map(({ index }) => index),
        Array.from({ length: 13 }, (_, index) => index),
      );
      assert.deepEqual([state?.epoch, state?.ledgerSize, state?.version], [6, 13, 7]);
      assert.equal(new Set(sent.map(({ receipt }) => receipt?.index)).size, 6);
      assert.equal(sent.filter(({ repeated }) => repeated).length, 6);
    });

    it('lets one of two first writers register a strategy', async () => {
      const { strategies } = open();
      const fresh = aStrategy();
      const register = () => strategies.commit(fresh, decided(fresh, [entry('strategy.registered')]), AT);

      const won = await Promise.all([register(), register()]);

      assert.equal(won.filter((receipts) => receipts !== undefined).length, 1);
      assert.equal((await strategies.read(fresh.id))?.ledgerSize, 1);
    });

    it('writes nothing at all for a command that was carried out before', async () => {
      const store = open();
      const before = await registered(store);
      await store.strategies.commit(before, decided(before, [entry('a.b')], [command(`${before.id}-key`)]), AT);
      const between = await store.strategies.read(before.id);
      assert.ok(between);
      const again = decided(
        { ...between, mode: 'SAFE' },
        [entry('c.d')],
        [command(`${before.id}-key`), freeze(before.id)],
      );

      assert.equal(await store.strategies.commit(between, again, AT), undefined);

      assert.deepEqual(await store.strategies.read(before.id), between);
      assert.equal(await store.records.get('FREEZE', before.id), undefined);
      assert.deepEqual(await typesOf(store, before), ['strategy.registered', 'a.b']);
    });

    it('latches unconditionally, and fences whoever had read before', async () => {
      const { strategies } = open();
      const before = await registered({ ...open(), strategies });

      const latched = await strategies.latchUnconditionally(before.id, latch('loss'), entry('kill.requested'), AT);

      assert.deepEqual([latched.mode, latched.epoch, latched.maxOrdersPerSec], ['KILLED', before.epoch + 1, 0]);
      assert.deepEqual(latched, await strategies.read(before.id));
      assert.equal(await strategies.commit(before, decided(before, [entry('a.b')]), AT), undefined);
    });

    it('loses none of several unconditional kills, and keeps the first reason', async () => {
      const { strategies } = open();
      const { id, epoch } = await registered({ ...open(), strategies });

      await Promise.all(
        ['one', 'two', 'three'].map((text) =>
          strategies.latchUnconditionally(id, latch('loss'), entry('kill.requested', { text }), AT),
        ),
      );
      await strategies.latchUnconditionally(id, latch('later'), entry('kill.reaffirmed', { text: 'four' }), AT);

      const state = await strategies.read(id);
      assert.deepEqual([state?.epoch, state?.latch?.reason], [epoch + 4, 'loss']);
      assert.deepEqual(state?.pendingEntries.map(({ payload }) => String(payload['text'])).toSorted(), [
        'four',
        'one',
        'three',
        'two',
      ]);
    });

    it('puts the entries of unconditional kills before the next ones, with the time they were decided', async () => {
      const store = open();
      const { id } = await registered(store);
      const state = await store.strategies.latchUnconditionally(id, latch('loss'), entry('kill.requested'), AT);

      const receipts = await store.strategies.commit(state, decided(state, [entry('a.b')]), new Date());

      const page = await store.ledger.page(LogId.parse(id), everything);
      assert.deepEqual(await typesOf(store, state), ['strategy.registered', 'kill.requested', 'a.b']);
      assert.match(JSON.stringify(page?.entries[1]?.entry), /"decidedAt":"2026-11-24T12:00:00.000Z"/);
      assert.deepEqual([receipts?.[0]?.index, (await store.strategies.read(id))?.pendingEntries], [2, []]);
    });

    it('never makes up a strategy to kill', async () => {
      const { strategies } = open();
      const { id } = aStrategy();

      await assert.rejects(strategies.latchUnconditionally(id, latch('loss'), entry('kill.requested'), AT));

      assert.equal(await strategies.read(id), undefined);
    });

    it('lists what it holds', async () => {
      const store = open();
      const held = [await registered(store), await registered(store)].map(({ id }) => id);

      const listed = (await store.strategies.list()).map(({ id }) => id);

      assert.deepEqual(
        held.filter((id) => listed.includes(id)),
        held,
      );
    });
  });
}
