import * as z from 'zod';
import { LogId, type NewEntry } from '../../domain/ledger/ledger-entry.ts';
import { EMPTY_HEAD, type LedgerHead, seal } from '../../domain/ledger/seal.ts';
import type { Credential } from '../../domain/signature/credential.ts';
import type { ItemClient } from '../dynamodb/item-client.ts';

const DESK = LogId.parse('desk');
const HEAD = `LOG#${DESK}`;
const NEW = 'attribute_not_exists(pk)';

const Head = z.object({
  ledgerSize: z.object({ N: z.coerce.number() }),
  ledgerRange: z.object({ L: z.array(z.object({ S: z.string() })) }),
});

export type SeededCredential = { readonly record: Credential; readonly entries: readonly NewEntry[] };

type Store = { readonly items: ItemClient; readonly tables: { readonly control: string; readonly ledger: string } };

/**
 * Writes credentials that are not there yet, with their entries in the log `desk`, in one write: what enrolling them through the
 * API would have left (adapters/aws writes the same items; a test reads these with it). Nothing else writes when this runs.
 */
export async function seedCredentials(all: readonly SeededCredential[], { items, tables }: Store, now: Date) {
  const stored = await Promise.all(all.map(({ record }) => items.get(tables.control, { pk: keyOf(record) })));
  const missing = all.filter((_, index) => stored[index] === undefined);
  if (missing.length === 0) return;
  const before = await headOf({ items, tables });
  const { head, sealed } = seal(
    DESK,
    before,
    missing.flatMap(({ entries }) => entries),
    now,
  );
  await items.putAll([
    {
      table: tables.control,
      item: { pk: HEAD, kind: 'LOG', sort: DESK, ledgerSize: head.size, ledgerRange: head.range },
      ...(before.size === 0
        ? { condition: NEW }
        : { condition: 'ledgerSize = :seen', values: { ':seen': before.size } }),
    },
    ...sealed.map(({ text, receipt }) => ({
      table: tables.ledger,
      item: { pk: DESK, sk: String(receipt.index).padStart(16, '0'), leafHash: receipt.leafHash, entry: text },
      condition: NEW,
    })),
    ...missing.map(({ record }) => ({
      table: tables.control,
      item: { pk: keyOf(record), record, kind: 'CREDENTIAL', sort: `#${record.id}` },
      condition: NEW,
    })),
  ]);
}

const keyOf = ({ id }: Credential) => `CREDENTIAL#${id}`;

async function headOf({ items, tables }: Store): Promise<LedgerHead> {
  const item = await items.get(tables.control, { pk: HEAD });
  if (!item) return EMPTY_HEAD;
  const { ledgerSize, ledgerRange } = Head.parse(item);
  return { size: ledgerSize.N, range: ledgerRange.L.map(({ S }) => S) };
}
