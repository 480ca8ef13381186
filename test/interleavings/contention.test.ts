import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { elapsedMs, jitter } from '../../adapters/aws/clock.ts';
import { DynamoLedger } from '../../adapters/aws/dynamo-ledger.ts';
import { DynamoRecords } from '../../adapters/aws/dynamo-records.ts';
import { DynamoStrategies } from '../../adapters/aws/dynamo-strategies.ts';
import { change } from '../../domain/change.ts';
import { StrategyId } from '../../domain/ids.ts';
import { drainSpool } from '../../domain/kill/drain-spool.ts';
import { executeKill, type KillReply } from '../../domain/kill/execute-kill.ts';
import { LedgerEntry, LogId } from '../../domain/ledger/ledger-entry.ts';
import { replay } from '../../domain/ledger/replay.ts';
import { Refusal } from '../../domain/refusal.ts';
import { newStrategy } from '../../domain/strategy.ts';
import { tables } from '../adapters/aws/local-tables.ts';
import { decided, entry } from '../adapters/aws/samples.ts';
import { FakeEngines, FakeExecutions } from '../fakes/fake-outside.ts';
import { FakeSpool } from '../fakes/fake-spool.ts';
import { REGISTRATION, trader } from '../fakes/world.ts';
import { isDeep } from '../is-deep.ts';
import { clientOptions } from '../local/aws/serve-locally.ts';
import { type RunningDynamoDb, runningDynamoDb } from '../local/dynamodb/running-dynamo-db.ts';
import { type Faults, faultyStore } from './faulty-store.ts';

const WRITERS = 8;
const KILLS = isDeep ? 30 : 8;
const calm = { conflicts: 0, throttles: 0, delayMs: 0 };

/** One strategy in a store that is reached over a wire with faults: by its writers with one client, by the kill with its own. */
async function storeWith(faults: Faults, running: RunningDynamoDb, name: string) {
  await register(name, running);
  const wire = await faultyStore(running.url, faults);
  const client = () => new DynamoDBClient({ ...clientOptions(wire.url), maxAttempts: 3 }); // as `new DynamoDBClient({})` tries
  const clients = [client(), client()] as const;
  const [writers, kill] = [portsOver(clients[0]), portsOver(clients[1])];
  return {
    ...{ id: StrategyId.parse(name), wire, writers, kill },
    async close() {
      for (const client of clients) client.destroy();
      await wire.close();
    },
  };
}
type Store = Awaited<ReturnType<typeof storeWith>>;

function portsOver(client: DynamoDBClient) {
  const dynamo = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const now = () => new Date();
  return {
    ...{ strategies: new DynamoStrategies(dynamo, tables), records: new DynamoRecords(dynamo, tables, now) },
    ...{
      ledger: new DynamoLedger(dynamo, tables, jitter),
      engines: new FakeEngines(),
      executions: new FakeExecutions(),
    },
    ...{ spool: new FakeSpool(), now, jitter, elapsedMs },
  };
}

/** Past the faults. */
async function register(name: string, { documents }: RunningDynamoDb): Promise<void> {
  const fresh = newStrategy(StrategyId.parse(name));
  await new DynamoStrategies(documents, tables).commit(
    fresh,
    decided(fresh, [entry('strategy.registered')]),
    new Date(),
  );
}

/** Commits as fast as the store takes it, until told to stop. What is refused or throttled is not tried again, the next one is. */
async function write({ id, writers }: Store, writer: number, until: AbortSignal): Promise<number> {
  let written = 0;
  for (let number = 0; !until.aborted; number += 1) {
    const key = { key: `${id}/${writer}/${number}`, body: number };
    written += await change(id, key, (state) => decided(state, [entry('test.written', { writer })]), writers).then(
      () => 1,
      (error: unknown) => {
        if (error instanceof Refusal || (error instanceof Error && error.name === 'ThrottlingException')) return 0;
        throw error;
      },
    );
  }
  return written;
}

async function killTimes(times: number, { id, kill }: Store): Promise<KillReply[]> {
  const replies: KillReply[] = [];
  const registrationOf = async () => ({ ...REGISTRATION, id });
  for (let number = 0; number < times; number += 1)
    replies.push(
      await executeKill(
        { caller: trader, strategyId: id, reason: `loss ${number}`, commandId: `kill-${number}` },
        { ...kill, registrationOf },
      ),
    );
  return replies;
}

async function entriesOf({ id, writers: { ledger } }: Store): Promise<LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for (let from: number | undefined = 0; from !== undefined; ) {
    const page = await ledger.page(LogId.parse(id), { from, limit: 500, order: 'asc' });
    entries.push(...(page?.entries ?? []).map((each) => LedgerEntry.parse(each.entry)));
    from = page?.next;
  }
  return entries;
}

/** Every kill is latched and in the ledger, the first one holds the latch, and the ledger tells the state. */
async function allStand(replies: readonly KillReply[], store: Store): Promise<void> {
  const [state, entries] = [await store.writers.strategies.read(store.id), await entriesOf(store)];
  const recorded = new Set(entries.filter(({ type }) => type.startsWith('kill.')).map(({ run }) => String(run)));
  const { mode, epoch, latch, ledgerSize } = replay(entries) ?? {};
  const missed = replies.filter(({ latched, spooled }) => !latched && !(spooled && !isDeep)); // `npm test` leaves deadlines to test:deep
  assert.deepEqual(
    missed.map(({ summary }) => summary),
    [],
  );
  assert.deepEqual([...recorded].toSorted(), replies.map(({ runId }) => String(runId)).toSorted());
  assert.deepEqual([state?.mode, state?.latch?.runId], ['KILLED', replies[0]?.runId]);
  assert.ok((state?.epoch ?? 0) >= replies.length, `${replies.length} kills, but epoch ${state?.epoch}`);
  assert.deepEqual([mode, epoch, latch, ledgerSize], [state?.mode, state?.epoch, state?.latch, entries.length]);
}

describe(`a kill against ${WRITERS} writers that commit as fast as they can`, () => {
  let running: RunningDynamoDb;
  before(async () => {
    running = await runningDynamoDb();
  });
  after(() => running.close());

  async function holds(name: string, faults: Faults): Promise<void> {
    const store = await storeWith(faults, running, name);
    const over = new AbortController();
    const writing = Array.from({ length: WRITERS }, (_, writer) => write(store, writer, over.signal));
    try {
      const replies = await killTimes(KILLS, store);
      over.abort();
      const written = await Promise.all(writing);
      store.wire.calm();
      await drainSpool(store.id, { ...store.writers, spool: store.kill.spool });
      const end = { key: `${name}/end`, body: 0 };
      await change(store.id, end, (state) => decided(state, [entry('test.ended')]), store.writers);

      assert.ok(
        written.some((count) => count > 0),
        'nobody wrote beside the kills',
      );
      await allStand(replies, store);
    } finally {
      over.abort();
      await Promise.allSettled(writing);
      await store.close();
    }
  }

  for (const seed of isDeep ? [1, 2, 3, 4, 5] : [1])
    it(`latches ${KILLS} times of ${KILLS}, and the ledger has every one (round ${seed})`, () =>
      holds(`calm-${seed}`, { ...calm, seed }));

  for (const seed of isDeep ? [1, 2, 3, 4, 5] : [1])
    it(`does so too when transactions conflict and requests are slow (round ${seed})`, () =>
      holds(`conflicts-${seed}`, { ...calm, seed, conflicts: 60, delayMs: 8 }));

  for (const seed of isDeep ? [1, 2, 3] : [])
    it(`and where every fifth request is throttled (round ${seed})`, () =>
      holds(`throttled-${seed}`, { seed, conflicts: 30, throttles: 20, delayMs: 4 }));
});
