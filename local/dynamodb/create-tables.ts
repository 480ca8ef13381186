import { setTimeout as pause } from 'node:timers/promises';
import type { TableClient } from './table-client.ts';
import { TableDefinition } from './table-definition.ts';

/**
 * Creates the tables that are not there yet. `tables` are the resolved properties of `AWS::DynamoDB::GlobalTable` resources, with
 * the `TableName` the host gave them. An existing table with other keys or indexes is refused: it holds data of another version.
 */
export async function createTables(client: TableClient, tables: readonly unknown[]): Promise<void> {
  for (const properties of tables) {
    const table = TableDefinition.parse(properties);
    const existing = await client.describe(table.TableName);
    if (existing === undefined) await create(client, table);
    else requireSame(table, existing);
  }
}

async function create(client: TableClient, table: TableDefinition) {
  await client.create(table);
  for (let waited = 0; waited < 10_000; waited += 20) {
    const { TableStatus } = (await client.describe(table.TableName)) ?? {};
    if (TableStatus === 'ACTIVE') return;
    await pause(20);
  }
  throw new Error(`Table ${table.TableName} was created but is not ACTIVE after 10 s; look at the DynamoDB server`);
}

function requireSame(wanted: TableDefinition, found: Pick<TableDefinition, 'KeySchema' | 'GlobalSecondaryIndexes'>) {
  const [expected, actual] = [shapeOf(wanted), shapeOf(found)];
  if (expected === actual) return;
  throw new Error(
    `Table ${wanted.TableName} has the keys ${actual}, and this version needs ${expected}: start with --fresh (its data is lost) or another --data folder`,
  );
}

function shapeOf({
  KeySchema,
  GlobalSecondaryIndexes = [],
}: Pick<TableDefinition, 'KeySchema' | 'GlobalSecondaryIndexes'>) {
  const keys = (schema: TableDefinition['KeySchema']) =>
    schema
      .map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`)
      .toSorted()
      .join(', ');
  const indexes = GlobalSecondaryIndexes.map(({ IndexName, KeySchema: schema }) => `${IndexName} (${keys(schema)})`);
  return [keys(KeySchema), ...indexes.toSorted()].join('; ');
}
