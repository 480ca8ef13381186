import type { SealedEntry } from '../../domain/ledger/seal.ts';
import { sequence } from './tables.ts';

/** One ledger entry as a transaction item. The condition is what IAM cannot ask for: an entry is never overwritten (aws-facts section 6). */
export const ledgerPut = (table: string, { text, receipt }: SealedEntry) => ({
  Put: {
    TableName: table,
    Item: { pk: receipt.log, sk: sequence(receipt.index), leafHash: receipt.leafHash, entry: text },
    ConditionExpression: 'attribute_not_exists(pk)',
  },
});
