import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { LogId } from '../../domain/ledger/ledger-entry.ts';
import type { LedgerHead } from '../../domain/ledger/seal.ts';
import type { Tables } from './tables.ts';

const Head = z.object({ ledgerSize: z.int(), ledgerRange: z.array(z.string()) });

/** The head of a log: in the item of its strategy, or in an item of its own for `access` and `desk`. Strongly consistent; nothing when there is none. */
export async function ledgerHead(
  log: LogId,
  dynamo: DynamoDBDocumentClient,
  tables: Tables,
): Promise<LedgerHead | undefined> {
  return (await headIn(`STRATEGY#${log}`, dynamo, tables)) ?? (await headIn(`LOG#${log}`, dynamo, tables));
}

/** The head that one item of the control table holds. */
export async function headIn(
  pk: string,
  dynamo: DynamoDBDocumentClient,
  { control }: Tables,
): Promise<LedgerHead | undefined> {
  const { Item } = await dynamo.send(new GetCommand({ TableName: control, Key: { pk }, ConsistentRead: true }));
  if (!Item) return undefined;
  const { ledgerSize, ledgerRange } = Head.parse(Item);
  return { size: ledgerSize, range: ledgerRange };
}
