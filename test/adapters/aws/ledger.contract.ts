import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { canonicalJson } from '../../../domain/ledger/canonical-json.ts';
import { LogId } from '../../../domain/ledger/ledger-entry.ts';
import { leafHash, rootOf } from '../../../domain/ledger/merkle.ts';
import type { Ledger, LedgerPage } from '../../../domain/ports/strategies.ts';
import { AT, entry } from './samples.ts';

let logs = 0;
/** A log that nobody has written yet. */
export function aLog(): LogId {
  logs += 1;
  return LogId.parse(`log-${logs}`);
}

/** Every page of a log, following `next`. */
export async function pagesOf(ledger: Ledger, log: LogId, limit: number, order: 'asc' | 'desc'): Promise<LedgerPage[]> {
  const pages: LedgerPage[] = [];
  for (let from: number | undefined; pages.length < 50; ) {
    const page: LedgerPage | undefined = await ledger.page(log, { from, limit, order });
    assert.ok(page);
    pages.push(page);
    if (page.next === undefined) break;
    from = page.next;
  }
  return pages;
}

export const indexesOf = (pages: readonly LedgerPage[]) =>
  pages.flatMap(({ entries }) => entries.map(({ index }) => index));
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

/** What every ledger must do. The fake and the DynamoDB adapter both run it. */
export function ledgerContract(name: string, open: () => Ledger): void {
  const filled = async (ledger: Ledger, count: number) => {
    const log = aLog();
    await ledger.append(
      log,
      upTo(count).map((number) => entry('note.made', { number })),
      AT,
    );
    return log;
  };

  describe(`${name} keeps the Ledger contract`, () => {
    it('knows no log that nobody wrote to', async () => {
      assert.equal(await open().page(aLog(), { limit: 10, order: 'asc' }), undefined);
    });

    it('stores what was hashed: every leaf and the root can be computed from the entries alone', async () => {
      const ledger = open();
      const log = await filled(ledger, 5);
      const receipts = await ledger.append(log, [entry('last.one')], AT);

      const page = await ledger.page(log, { limit: 10, order: 'asc' });

      const leaves = page?.entries.map(({ entry: each }) => leafHash(canonicalJson(each))) ?? [];
      assert.deepEqual(
        page?.entries.map((each) => each.leafHash),
        leaves,
      );
      assert.deepEqual([page?.root, page?.size], [rootOf(leaves), 6]);
      assert.deepEqual(receipts, [{ log, index: 5, leafHash: leaves[5] }]);
    });

    it('loses none of many who append at once, and leaves no gap', async () => {
      const ledger = open();
      const log = aLog();

      const receipts = await Promise.all(
        upTo(10).map((number) => ledger.append(log, [entry('note.made', { number })], AT)),
      );

      assert.deepEqual(
        receipts.map(([receipt]) => receipt?.index).toSorted((left = 0, right = 0) => left - right),
        upTo(10),
      );
      assert.deepEqual(indexesOf(await pagesOf(ledger, log, 4, 'asc')), upTo(10));
    });

    for (const limit of [1, 3, 7, 10]) {
      it(`shows every entry once over pages of ${limit}, oldest or newest first`, async () => {
        const ledger = open();
        const log = await filled(ledger, 7);

        assert.deepEqual(indexesOf(await pagesOf(ledger, log, limit, 'asc')), upTo(7));
        assert.deepEqual(indexesOf(await pagesOf(ledger, log, limit, 'desc')), upTo(7).toReversed());
      });
    }

    it('has nothing behind its end, and begins with the newest when asked backwards from there', async () => {
      const ledger = open();
      const log = await filled(ledger, 4);

      const [behind, back] = await Promise.all([
        ledger.page(log, { from: 9, limit: 2, order: 'asc' }),
        ledger.page(log, { from: 9, limit: 2, order: 'desc' }),
      ]);

      assert.deepEqual([behind?.entries, behind?.next, behind?.size], [[], undefined, 4]);
      assert.deepEqual([back?.entries.map(({ index }) => index), back?.next], [[3, 2], 1]);
    });
  });
}
