import * as z from 'zod';
import { LogId, type NewEntry } from '../../domain/ledger/ledger-entry.ts';
import { EMPTY_HEAD, type LedgerHead, seal } from '../../domain/ledger/seal.ts';
import type { Credential } from '../../domain/signature/credential.ts';
import type { Ticket } from '../../domain/ticket/ticket.ts';
import type { ItemClient } from '../dynamodb/item-client.ts';

const DESK = LogId.parse('desk');
const HEAD = `LOG#${DESK}`;
const NEW = 'attribute_not_exists(pk)';

const Head = z.object({
  ledgerSize: z.object({ N: z.coerce.number() }),
  ledgerRange: z.object({ L: z.array(z.object({ S: z.string() })) }),
});

/** A record with what its coming to be left in the log `desk`. */
export type SeededRecord = { readonly entries: readonly NewEntry[] } & (
  | { readonly kind: 'CREDENTIAL'; readonly record: Credential }
  | { readonly kind: 'TICKET'; readonly record: Ticket }
);

type Store = { readonly items: ItemClient; readonly tables: { readonly control: string; readonly ledger: string } };

/**
 * Writes credentials and tickets that are not there yet, with their entries in the log `desk`, in one write: what people would have
 * left who make them through the API (adapters/aws writes the same items; a test reads these with it). Nothing else writes when this runs.
 */
export async function seedRecords(all: readonly SeededRecord[], { items, tables }: Store, now: Date) {
  const stored = await Promise.all(all.map((each) => items.get(tables.control, { pk: keyOf(each) })));
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
    ...missing.map((each) => ({
      table: tables.control,
      item: { pk: keyOf(each), record: each.record, kind: each.kind, sort: sortOf(each) },
      condition: NEW,
    })),
  ]);
}

const keyOf = ({ kind, record: { id } }: SeededRecord) => `${kind}#${id}`;

/** Lists are by time where a record has one, else by id. */
const sortOf = (each: SeededRecord) => `${each.kind === 'TICKET' ? each.record.openedAt : ''}#${each.record.id}`;

async function headOf({ items, tables }: Store): Promise<LedgerHead> {
  const item = await items.get(tables.control, { pk: HEAD });
  if (!item) return EMPTY_HEAD;
  const { ledgerSize, ledgerRange } = Head.parse(item);
  return { size: ledgerSize.N, range: ledgerRange.L.map(({ S }) => S) };
}
