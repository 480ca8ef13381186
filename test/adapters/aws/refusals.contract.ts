import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RefusalCount } from '../../../domain/access/refusal-count.ts';
import { ActorId } from '../../../domain/ids.ts';
import { LogId, type NewEntry } from '../../../domain/ledger/ledger-entry.ts';
import { COUNTERS_AT_ONCE, type Refusals } from '../../../domain/ports/refusals.ts';
import type { Ledger } from '../../../domain/ports/strategies.ts';
import { AT } from './samples.ts';

type Opened = { refusals: Refusals; ledger: Ledger };

const LATER = new Date(AT.getTime() + 60_000);
const ACCESS = LogId.parse('access');
const entryOf = ({ actor, count }: RefusalCount): NewEntry => ({ type: 'access.refused', actor, payload: { count } });

/** What every counter of refused attempts must do. The fake and the DynamoDB adapter both run it, each time on an empty control table. */
export function refusalsContract(name: string, open: () => Promise<Opened>): void {
  const attempt = (actor = 'sub-1', at = AT, path = '/v1/x') => ({
    actor: ActorId.parse(actor),
    code: 'WrongRole',
    method: 'POST',
    path,
    roles: ['auditor'],
    at,
  });
  const seal = ({ refusals }: Opened, counters: readonly RefusalCount[]) =>
    refusals.seal(counters, counters.map(entryOf), LATER);
  const sizeOf = async ({ ledger }: Opened) => (await ledger.page(ACCESS, { limit: 1, order: 'desc' }))?.size ?? 0;
  const countsOf = async ({ ledger }: Opened, from: number) => {
    const page = await ledger.page(ACCESS, { from, limit: 500, order: 'asc' });
    return (page?.entries ?? []).map(({ entry }) => (entry as { payload: { count: number } }).payload.count);
  };

  describe(`${name} keeps the Refusals contract`, () => {
    it('counts every attempt of many at once, and keeps what was tried first, and when', async () => {
      const { refusals } = await open();
      await refusals.count(attempt());
      const others = Array.from({ length: 18 }, (_, index) =>
        refusals.count(attempt('sub-1', new Date(AT.getTime() + 1_000 + index), '/v1/other')),
      );
      await Promise.all([...others, refusals.count(attempt('sub-2'))]);

      const [first, second] = await refusals.due(LATER);

      assert.deepEqual(
        { ...first, lastAt: undefined },
        {
          minute: '2026-11-24T12:00:00.000Z',
          actor: 'sub-1',
          code: 'WrongRole',
          count: 19,
          firstAt: AT.toISOString(),
          lastAt: undefined,
          method: 'POST',
          path: '/v1/x',
          roles: ['auditor'],
        },
      );
      assert.ok(String(first?.lastAt) > AT.toISOString());
      assert.deepEqual([second?.actor, second?.count], ['sub-2', 1]);
    });

    it('tells which minutes began before a time, oldest first', async () => {
      const { refusals } = await open();
      for (const minutes of [2, 0, 1])
        await refusals.count(attempt('sub-1', new Date(AT.getTime() + minutes * 60_000)));
      const minutesBefore = async (ms: number) =>
        (await refusals.due(new Date(AT.getTime() + ms))).map(({ minute }) => minute.slice(14, 16));

      assert.deepEqual(
        [await minutesBefore(0), await minutesBefore(60_000), await minutesBefore(60_001)],
        [[], ['00'], ['00', '01']],
      );
    });

    it('seals counters into the access log, and they are gone', async () => {
      const opened = await open();
      const before = await sizeOf(opened);
      await opened.refusals.count(attempt());
      await opened.refusals.count(attempt());

      const receipts = await seal(opened, await opened.refusals.due(LATER));

      assert.deepEqual(
        receipts?.map(({ log, index }) => [log, index]),
        [['access', before]],
      );
      assert.deepEqual(await countsOf(opened, before), [2]);
      assert.deepEqual(await opened.refusals.due(LATER), []);
    });

    it('writes nothing when one of the counters has grown since it was read', async () => {
      const opened = await open();
      const before = await sizeOf(opened);
      for (const actor of ['sub-1', 'sub-2']) await opened.refusals.count(attempt(actor));
      const read = await opened.refusals.due(LATER);
      await opened.refusals.count(attempt('sub-2'));

      assert.equal(await seal(opened, read), undefined);

      assert.equal(await sizeOf(opened), before);
      assert.deepEqual(
        (await opened.refusals.due(LATER)).map(({ count }) => count),
        [1, 2],
      );
    });

    it('takes no counter for the one it read that has begun anew since', async () => {
      const opened = await open();
      const before = await sizeOf(opened);
      await opened.refusals.count(attempt());
      const read = await opened.refusals.due(LATER);
      await seal(opened, read);
      await opened.refusals.count(attempt('sub-1', new Date(AT.getTime() + 5)));

      assert.equal(await seal(opened, read), undefined);

      assert.deepEqual(await countsOf(opened, before), [1]);
      assert.equal((await opened.refusals.due(LATER)).length, 1);
    });

    it('lets one of many who seal at once win', async () => {
      const opened = await open();
      const before = await sizeOf(opened);
      await opened.refusals.count(attempt());
      const read = await opened.refusals.due(LATER);

      const sealed = await Promise.all(Array.from({ length: 5 }, () => seal(opened, read)));

      assert.equal(sealed.filter((receipts) => receipts !== undefined).length, 1);
      assert.deepEqual(await countsOf(opened, before), [1]);
    });

    it('seals as many at once as it promises', async () => {
      const opened = await open();
      for (let index = 0; index < COUNTERS_AT_ONCE; index += 1) await opened.refusals.count(attempt(`sub-${index}`));

      assert.equal((await seal(opened, await opened.refusals.due(LATER)))?.length, COUNTERS_AT_ONCE);
    });
  });
}
