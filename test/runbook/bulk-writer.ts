import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { controlTable } from './control-table.ts';

const ITEMS_A_CALL = 25; // what BatchWriteItem takes

/** Writes many items of the control table of a running host, past the control plane, 25 in a call. */
export async function bulkWriter(data: string) {
  const { dynamo, table, end } = await controlTable(data);
  return {
    dynamo,
    table,
    end,
    async put(items: readonly Record<string, unknown>[]): Promise<void> {
      for (let from = 0; from < items.length; from += ITEMS_A_CALL) {
        const shard = items.slice(from, from + ITEMS_A_CALL).map((Item) => ({ PutRequest: { Item } }));
        await dynamo.send(new BatchWriteCommand({ RequestItems: { [table]: shard } }));
      }
    },
  };
}
