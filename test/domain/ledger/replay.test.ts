import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { LedgerEntry, LogId } from '../../../domain/ledger/ledger-entry.ts';
import { NOTHING_REPLAYED, replay, replayedStrategy, replayNext } from '../../../domain/ledger/replay.ts';
import type { Strategy } from '../../../domain/strategy.ts';
import { COMMANDS, EVENTS, happen, registered, STORIES } from '../../fakes/operations.ts';
import { STRATEGY, stateOf, type World, world } from '../../fakes/world.ts';

const entriesOf = ({ store }: World) =>
  (store.logs.get(STRATEGY) ?? []).map(({ text }) => LedgerEntry.parse(JSON.parse(text)));

/** What the ledger does not know: its own head, what waits for it, and the number of writes. */
const known = ({ ledgerRange: _range, pendingEntries: _pending, version: _version, ...state }: Strategy) =>
  JSON.parse(JSON.stringify(state)) as unknown;

/** Holds the ledger against the stored state after every commit of this world. Says how often. */
function checkingEveryCommit(made: World): { commits: number } {
  const seen = { commits: 0 };
  const commit = made.store.commit.bind(made.store);
  made.store.commit = async (...args) => {
    const receipts = await commit(...args);
    if (receipts) {
      seen.commits += 1;
      assert.deepEqual(replay(entriesOf(made)), known(stateOf(made)));
    }
    return receipts;
  };
  return seen;
}

const OPERATIONS = { ...COMMANDS, ...EVENTS };
type Name = keyof typeof OPERATIONS;
const names = Object.keys(OPERATIONS) as Name[];
const { launch, stop, kills } = STORIES;
const happenings = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...names).map((name): readonly Name[] => [name]) },
      { weight: 1, arbitrary: fc.constantFrom<readonly Name[]>(launch, stop, kills) },
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.flat());

const operations = (what: readonly Name[]) => what.map((name) => OPERATIONS[name]);

describe('replay', () => {
  it('gives exactly the stored state after every commit, whatever happened', () =>
    fc.assert(
      fc.asyncProperty(happenings, async (what) => {
        const made = await registered(world());
        const seen = checkingEveryCommit(made);

        await happen(made, operations(what));

        await OPERATIONS.settle(made, 1_000).catch(() => undefined);
        assert.ok(seen.commits > 0);
      }),
      { seed: 3, numRuns: 150 },
    ));

  it('gives the state at any moment, one entry after the other', async () => {
    const made = await registered(world());
    await happen(made, operations([...launch, ...stop, ...kills]));
    const entries = entriesOf(made);

    let replayed = NOTHING_REPLAYED;
    for (const [index, entry] of entries.entries()) {
      replayed = replayNext(replayed, entry);
      assert.deepEqual(replayedStrategy(STRATEGY, replayed), replay(entries.slice(0, index + 1)));
    }
    const [locked] = entries.filter(({ type }) => type === 'orchestrator.lock');
    assert.ok(locked?.run);
    const then = replay(entries.slice(0, locked.seq + 1));
    assert.deepEqual([then?.mode, then?.lock?.runId, then?.ledgerSize], ['LAUNCHING', locked.run, locked.seq + 1]);
  });

  it('refuses entries with one missing, twice there, or out of order', async () => {
    const [first, second] = entriesOf(await registered(world()));
    assert.ok(first && second);

    for (const [entries, message] of [
      [[second], 'entry 1 came where entry 0 belongs'],
      [[first, first], 'entry 0 came where entry 1 belongs'],
    ] as const)
      assert.throws(() => replay(entries), { name: 'RangeError', message });
  });

  it('gives nothing for a log that is no strategy’s, and for entries that do not say all of one', async () => {
    const [first] = entriesOf(await registered(world()));
    assert.ok(first);

    assert.equal(replay([{ ...first, log: LogId.parse('desk') }]), undefined);
    assert.equal(replay([{ ...first, payload: {} }]), undefined);
    assert.equal(replay([]), undefined);
  });
});
