import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import { answersTcp } from '../../../local/dynamodb/answers-tcp.ts';
import { createTables } from '../../../local/dynamodb/create-tables.ts';
import { dynamoDbBinary } from '../../../local/dynamodb/dynamo-db-binary.ts';
import { freePort } from '../../../local/dynamodb/free-port.ts';
import { startDynamoDb } from '../../../local/dynamodb/start-dynamo-db.ts';
import { stopOrphan } from '../../../local/dynamodb/stop-orphan.ts';
import { tableClient } from '../../../local/dynamodb/table-client.ts';
import { clientOptions, credentials, region } from '../aws/serve-locally.ts';
import { temporaryFolder } from '../aws/temporary-folder.ts';
import { control, ledger, templateTables } from './control-tables.ts';

describe('the local DynamoDB', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async () => {
    folder = await temporaryFolder();
  });
  after(() => folder.remove());

  const pathOf = (name: string) => join(folder.path, name, 'dynamodb.db');
  const pidOf = async (dataPath: string) => Number(await readFile(`${dataPath}.pid`, 'utf8'));
  const tablesAt = (url: string) => tableClient({ url, region, accessKeyId: credentials.accessKeyId });
  const using = async <Result>(url: string, work: (documents: DynamoDBDocument) => Promise<Result>) => {
    const client = new DynamoDB(clientOptions(url));
    const result = await work(DynamoDBDocument.from(client));
    client.destroy();
    return result;
  };

  it('creates the tables of the template once, with their indexes, and finds data and tables after a restart', async () => {
    const dataPath = pathOf('restart');
    const first = await startDynamoDb({ dataPath });
    await createTables(tablesAt(first.url), templateTables);
    await using(first.url, (documents) =>
      documents.put({ TableName: control, Item: { pk: 'STRATEGY#a', mode: 'KILLED' } }),
    );
    await first.stop();
    const stopped = await answersTcp(Number(new URL(first.url).port));

    const second = await startDynamoDb({ dataPath });
    await createTables(tablesAt(second.url), templateTables);
    const item = await using(second.url, (documents) =>
      documents.get({ TableName: control, Key: { pk: 'STRATEGY#a' } }),
    );
    const described = await tablesAt(second.url).describe(control);
    await second.stop();

    assert.equal(stopped, false);
    assert.equal(item.Item?.['mode'], 'KILLED');
    assert.deepEqual(
      described?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName),
      ['list'],
    );
    await assert.rejects(stat(`${dataPath}.pid`), { code: 'ENOENT' });
  });

  it('loses nothing it acknowledged and applies no half transaction when it is killed', async () => {
    const dataPath = pathOf('killed');
    const first = await startDynamoDb({ dataPath, onExit: () => undefined });
    await createTables(tablesAt(first.url), templateTables);
    const acknowledged: string[] = [];
    const write = (documents: DynamoDBDocument, pk: string) =>
      documents.transactWrite({
        TransactItems: [
          { Put: { TableName: control, Item: { pk } } },
          { Put: { TableName: ledger, Item: { pk, sk: '0' } } },
        ],
      });
    const pid = await pidOf(dataPath);

    await using(first.url, (documents) =>
      Promise.allSettled(
        Array.from({ length: 4 }, async (_, writer) => {
          for (let number = 0; ; number += 1) {
            const pk = `${writer}-${number}`;
            await write(documents, pk);
            acknowledged.push(pk);
            if (acknowledged.length === 60) process.kill(pid, 'SIGKILL');
          }
        }),
      ),
    );
    const second = await startDynamoDb({ dataPath });
    const [states, entries] = await using(second.url, async (documents) => [
      await documents.scan({ TableName: control }),
      await documents.scan({ TableName: ledger }),
    ]);
    await second.stop();

    const found = new Set(states?.Items?.map(({ pk }) => String(pk)));
    assert.deepEqual(
      acknowledged.filter((pk) => !found.has(pk)),
      [],
    );
    assert.deepEqual(new Set(entries?.Items?.map(({ pk }) => String(pk))), found);
  });

  it('stops the server a killed host left behind, and only if it is that server', async () => {
    const dataPath = pathOf('orphan');
    const exits: string[] = [];
    const left = await startDynamoDb({ dataPath, onExit: (reason) => exits.push(reason) });
    const orphan = await pidOf(dataPath);

    const next = await startDynamoDb({ dataPath });

    const stillThere = await answersTcp(Number(new URL(left.url).port));
    assert.deepEqual([stillThere, (await pidOf(dataPath)) !== orphan], [false, true]);
    await next.stop();
    await writeFile(`${dataPath}.pid`, `${process.pid}\n`);
    assert.equal(await stopOrphan(`${dataPath}.pid`, dataPath), undefined);
  });

  it('tells the host when the server ends by itself', async () => {
    const ended = Promise.withResolvers<string>();
    const dataPath = pathOf('ends');
    const server = await startDynamoDb({ dataPath, onExit: ended.resolve });

    process.kill(await pidOf(dataPath), 'SIGKILL');

    assert.match(await ended.promise, /SIGKILL/);
    await server.stop();
  });

  it('uses a server somebody else runs as it is', async () => {
    const server = await startDynamoDb({ dataPath: pathOf('foreign'), endpoint: 'http://127.0.0.1:8000' });

    await server.stop();

    assert.equal(server.url, 'http://127.0.0.1:8000');
    await assert.rejects(stat(`${pathOf('foreign')}.pid`), { code: 'ENOENT' });
  });

  it('names both ways out where there is no server for the platform', () => {
    assert.throws(
      () => dynamoDbBinary('plan9', 'mips'),
      /@dynoxide\/plan9-mips.*npm install.*TRADEPULSE_DYNAMODB_ENDPOINT/s,
    );
  });

  it('is refused tables whose keys another version made', async () => {
    const server = await startDynamoDb({ dataPath: pathOf('changed') });
    await createTables(tablesAt(server.url), templateTables);
    const [, table] = templateTables;
    const changed = { ...table, KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }] };

    await assert.rejects(createTables(tablesAt(server.url), [changed]), /TradePulse-Ledger has the keys .*--fresh/);
    await server.stop();
  });

  it('finds a port that can be bound', async () => {
    const server = createServer().listen(await freePort(), '127.0.0.1');
    await once(server, 'listening');

    assert.equal(server.listening, true);
    server.close();
  });
});
