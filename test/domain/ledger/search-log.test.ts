import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ActorId, RunId } from '../../../domain/ids.ts';
import { EntryFilter } from '../../../domain/ledger/entry-filter.ts';
import { LogId } from '../../../domain/ledger/ledger-entry.ts';
import { searchLog } from '../../../domain/ledger/search-log.ts';
import type { LedgerPage } from '../../../domain/ports/strategies.ts';
import { FakeStore } from '../../fakes/fake-store.ts';
import { START } from '../../fakes/world.ts';

const DESK = LogId.parse('desk');
const AT = START.getTime();
const iso = (ms: number) => new Date(ms).toISOString();

type Query = { from?: number | undefined; limit?: number; order?: 'asc' | 'desc' } & Record<string, unknown>;
async function search(ledger: FakeStore, { from, limit = 100, order = 'asc', ...where }: Query): Promise<LedgerPage> {
  const page = await searchLog(DESK, { from, limit, order, where: EntryFilter.parse(where) }, { ledger });
  assert.ok(page);
  return page;
}
const indexes = ({ entries }: LedgerPage) => entries.map(({ index }) => index);

/** Every reply to a search, following `next` to its end. */
async function all(ledger: FakeStore, query: Query): Promise<LedgerPage[]> {
  const replies = [await search(ledger, query)];
  for (let next = replies[0]?.next; next !== undefined; next = replies.at(-1)?.next)
    replies.push(await search(ledger, { ...query, from: next }));
  return replies;
}

type Sample = { type: string; actor?: string; run?: string; ticket?: string };
const entryOf = ({ type, actor = 'sub-a', run, ticket }: Sample) => ({
  ...{ type, actor: ActorId.parse(actor), payload: {} },
  ...(run !== undefined && { run: RunId.parse(run) }),
  ...(ticket !== undefined && { ticket }),
});

/** A desk log of these entries, a second between each and the next. */
async function deskOf(samples: readonly Sample[]): Promise<FakeStore> {
  const ledger = new FakeStore();
  for (const [index, sample] of samples.entries())
    await ledger.append(DESK, [entryOf(sample)], new Date(AT + index * 1000));
  return ledger;
}

const SAMPLES: readonly Sample[] = [
  { type: 'kill.requested', actor: 'sub-a', run: 'run-1', ticket: 'TP-1' },
  { type: 'kill.confirmed', actor: 'sub-b', run: 'run-1' },
  { type: 'killer.seen', actor: 'sub-a', run: 'run-2' },
  { type: 'note.made', actor: 'sub-b', ticket: 'TP-1' },
  { type: 'kill.requested', actor: 'sub-b', run: 'run-2', ticket: 'TP-2' },
];

describe('searchLog', () => {
  for (const [what, query, expected] of [
    ['everything without a filter', {}, [0, 1, 2, 3, 4]],
    ['exactly that type', { type: 'kill.requested' }, [0, 4]],
    ['a family of types, and nothing that only begins alike', { type: 'kill.' }, [0, 1, 4]],
    ['no longer type for a shorter one', { type: 'kill' }, []],
    ['one actor', { actor: 'sub-b' }, [1, 3, 4]],
    ['one run', { run: 'run-1' }, [0, 1]],
    ['one ticket', { ticket: 'TP-1' }, [0, 3]],
    ['from a time on, which counts', { after: iso(AT + 3000) }, [3, 4]],
    ['before a time, which does not count', { before: iso(AT + 3000) }, [0, 1, 2]],
    ['a time in another zone', { after: '2026-11-24T13:00:03+01:00' }, [3, 4]],
    ['what every filter lets through', { type: 'kill.', actor: 'sub-b', after: iso(AT + 2000) }, [4]],
    ['the newest first', { type: 'kill.', order: 'desc' }, [4, 1, 0]],
  ] as const) {
    it(`gives ${what}`, async () => {
      const reply = await search(await deskOf(SAMPLES), query);

      assert.deepEqual([indexes(reply), reply.next, reply.size], [expected, undefined, 5]);
    });
  }

  it('goes on where it stopped, both ways, without missing or repeating an entry', async () => {
    const ledger = await deskOf(SAMPLES);

    const forwards = await all(ledger, { type: 'kill.', limit: 1 });
    const backwards = await all(ledger, { type: 'kill.', limit: 2, order: 'desc' });

    assert.deepEqual(forwards.flatMap(indexes), [0, 1, 4]);
    assert.deepEqual(backwards.flatMap(indexes), [4, 1, 0]);
  });

  it('finds with any filter, in pages of any size, exactly what reading everything would find', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({ type: fc.constantFrom('kill.requested', 'note.made'), actor: fc.constantFrom('a', 'b') }),
          {
            minLength: 1,
            maxLength: 12,
          },
        ),
        fc.record(
          { type: fc.constantFrom('kill.', 'note.made'), actor: fc.constantFrom('a', 'b') },
          { requiredKeys: [] },
        ),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom('asc' as const, 'desc' as const),
        async (samples, where, limit, order) => {
          const wanted = samples.flatMap(({ type, actor }, index) =>
            (where.type === undefined || type.startsWith(where.type)) && (where.actor ?? actor) === actor
              ? [index]
              : [],
          );

          const replies = await all(await deskOf(samples), { ...where, limit, order });

          assert.deepEqual(replies.flatMap(indexes), order === 'asc' ? wanted : wanted.toReversed());
        },
      ),
      { seed: 9, numRuns: 60 },
    ));

  it('looks at 2,000 entries for one reply, and says where to go on even when none of them matched', async () => {
    const ledger = new FakeStore();
    const many = Array.from({ length: 4_100 }, (_, index) =>
      entryOf({ type: index === 4_050 ? 'rare.one' : 'note.made' }),
    );
    await ledger.append(DESK, many, START);

    const replies = await all(ledger, { type: 'rare.one' });

    assert.deepEqual(
      replies.map(({ next }) => next),
      [2_000, 4_000, undefined],
    );
    assert.deepEqual(replies.flatMap(indexes), [4_050]);
  });

  it('shows an entry that somebody has spoiled, and finds by a filter only what has what it asks for', async () => {
    const store = await deskOf(SAMPLES.slice(0, 2));
    const spoiled = (page: LedgerPage | undefined, entry: unknown) =>
      page && { ...page, entries: page.entries.map((each) => (each.index === 0 ? { ...each, entry } : each)) };

    for (const entry of [{ type: 7 }, 'no entry']) {
      const ledger = {
        page: async (...asked: Parameters<FakeStore['page']>) => spoiled(await store.page(...asked), entry),
      };
      const found = (where: EntryFilter) => searchLog(DESK, { limit: 9, order: 'asc', where }, { ledger });

      assert.deepEqual((await found({}))?.entries.map((each) => each.entry)[0], entry);
      assert.deepEqual(
        (await found({ type: 'kill.' }))?.entries.map(({ index }) => index),
        [1],
      );
      assert.deepEqual(
        (await found({ after: iso(AT) }))?.entries.map(({ index }) => index),
        [1],
      );
    }
  });

  it('knows no log that nobody wrote to', async () => {
    const search = { limit: 9, order: 'asc', where: {} } as const;

    assert.equal(await searchLog(DESK, search, { ledger: new FakeStore() }), undefined);
  });
});
