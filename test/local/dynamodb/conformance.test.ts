import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { control, ledger } from './control-tables.ts';
import { type RunningDynamoDb, runningDynamoDb } from './running-dynamo-db.ts';

/** Exactly what the product asks of its store; a new version, or another store, has to pass this before it is used. */
describe('the DynamoDB the product relies on', () => {
  let db: RunningDynamoDb;
  before(async () => {
    db = await runningDynamoDb();
  });
  after(() => db.close());

  const newKey = () => `STRATEGY#${randomUUID()}`;
  const absent = 'attribute_not_exists(pk)';
  const read = async (pk: string) =>
    (await db.documents.get({ TableName: control, Key: { pk }, ConsistentRead: true })).Item;
  const transact = (TransactItems: TransactWriteCommandInput['TransactItems'], ClientRequestToken?: string) =>
    db.documents.transactWrite({ TransactItems, ...(ClientRequestToken !== undefined && { ClientRequestToken }) });
  const reasonsOf = async (write: Promise<unknown>) => {
    const error = await write.then(
      () => assert.fail('the transaction was accepted'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof TransactionCanceledException, String(error));
    return error.CancellationReasons ?? [];
  };

  it('refuses a conditional put and returns the item that stood in the way', async () => {
    const pk = newKey();
    await db.documents.put({ TableName: control, Item: { pk, mode: 'KILLED', epoch: 7 } });

    const losing = db.documents.put({
      TableName: control,
      Item: { pk },
      ConditionExpression: absent,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });

    await assert.rejects(losing, (error) => {
      assert.ok(error instanceof ConditionalCheckFailedException);
      assert.deepEqual(error.Item, { pk: { S: pk }, mode: { S: 'KILLED' }, epoch: { N: '7' } });
      return true;
    });
  });

  it('lets one of 50 racing creators win', async () => {
    const pk = newKey();

    const results = await Promise.allSettled(
      Array.from({ length: 50 }, (_, writer) =>
        db.documents.put({ TableName: control, Item: { pk, writer }, ConditionExpression: absent }),
      ),
    );

    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  });

  it('writes state and ledger entry together, or neither', async () => {
    const pk = newKey();
    const entry = {
      TableName: ledger,
      Item: { pk, sk: '0'.repeat(16), type: 'kill.requested' },
      ConditionExpression: absent,
    };
    await transact([
      { Put: { TableName: control, Item: { pk, version: 1 }, ConditionExpression: absent } },
      { Put: entry },
    ]);

    const reasons = await reasonsOf(
      transact([
        {
          Update: {
            TableName: control,
            Key: { pk },
            UpdateExpression: 'SET version = :v',
            ExpressionAttributeValues: { ':v': 2 },
          },
        },
        { Put: { ...entry, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } },
      ]),
    );

    assert.deepEqual(
      reasons.map(({ Code }) => Code),
      ['None', 'ConditionalCheckFailed'],
    );
    assert.deepEqual(reasons[1]?.Item?.['type'], { S: 'kill.requested' });
    assert.equal((await read(pk))?.['version'], 1);
  });

  it('refuses the whole transaction when a mere check fails, and says which', async () => {
    const pk = newKey();
    const check = { TableName: control, Key: { pk: 'LATCH#none' }, ConditionExpression: 'attribute_exists(pk)' };

    const reasons = await reasonsOf(
      transact([{ ConditionCheck: check }, { Put: { TableName: control, Item: { pk } } }]),
    );

    assert.deepEqual(
      reasons.map(({ Code }) => Code),
      ['ConditionalCheckFailed', 'None'],
    );
    assert.equal(await read(pk), undefined);
  });

  it('applies a repeated transaction of one token once, and refuses the token with another body', async () => {
    const pk = newKey();
    const token = randomUUID();
    const add = (by: number): TransactWriteCommandInput['TransactItems'] => [
      {
        Update: {
          TableName: control,
          Key: { pk },
          UpdateExpression: 'ADD epoch :by',
          ExpressionAttributeValues: { ':by': by },
        },
      },
    ];

    await transact(add(1), token);
    await transact(add(1), token);

    assert.equal((await read(pk))?.['epoch'], 1);
    await assert.rejects(transact(add(2), token), { name: 'IdempotentParameterMismatchException' });
  });

  it('refuses two actions on one item', async () => {
    const pk = newKey();
    const put = { Put: { TableName: control, Item: { pk } } };

    await assert.rejects(transact([put, put]), { name: 'ValidationException' });
  });

  it('keeps a chain whole under 10 writers who each append 5 entries', async () => {
    const pk = newKey();
    await db.documents.put({ TableName: control, Item: { pk, ledgerSize: 0 } });
    const append = async (writer: number, tries = 0): Promise<void> => {
      assert.ok(tries < 1000, 'a writer never wins');
      const size = Number((await read(pk))?.['ledgerSize']);
      const head = {
        UpdateExpression: 'SET ledgerSize = :next',
        ConditionExpression: 'ledgerSize = :size',
        TableName: control,
        Key: { pk },
      };
      const Item = { pk, sk: String(size).padStart(16, '0'), writer };
      await transact([
        { Update: { ...head, ExpressionAttributeValues: { ':next': size + 1, ':size': size } } },
        { Put: { TableName: ledger, Item, ConditionExpression: absent } },
      ]).catch((error: unknown) => {
        if (error instanceof TransactionCanceledException) return append(writer, tries + 1);
        throw error;
      });
    };

    await Promise.all(
      Array.from({ length: 10 }, async (_, writer) => {
        for (let entry = 0; entry < 5; entry += 1) await append(writer);
      }),
    );

    const query = {
      TableName: ledger,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk },
      ConsistentRead: true,
    };
    const { Items = [] } = await db.documents.query(query);
    assert.deepEqual(
      Items.map(({ sk }) => Number(sk)),
      Array.from({ length: 50 }, (_, index) => index),
    );
    assert.equal((await read(pk))?.['ledgerSize'], 50);
  });

  it('queries the list index newest first, in pages', async () => {
    const kind = `RUN#${randomUUID()}`;
    for (let run = 0; run < 5; run += 1) {
      await db.documents.put({
        TableName: control,
        Item: { pk: `${kind}#${run}`, kind, sort: `2026-11-2${run}`, run },
      });
    }
    const page = (ExclusiveStartKey?: Record<string, unknown>) =>
      db.documents.query({
        TableName: control,
        IndexName: 'list',
        KeyConditionExpression: 'kind = :kind AND sort >= :from',
        ExpressionAttributeValues: { ':kind': kind, ':from': '2026-11-21' },
        ScanIndexForward: false,
        Limit: 3,
        ExclusiveStartKey,
      });

    const first = await page();
    const second = await page(first.LastEvaluatedKey);

    assert.deepEqual(
      [first, second].map(({ Items }) => Items?.map(({ run }) => run)),
      [[4, 3, 2], [1]],
    );
    assert.equal(second.LastEvaluatedKey, undefined);
  });

  it('reads ranges of a log in either order', async () => {
    const pk = newKey();
    for (const sk of ['1', '2', '3']) await db.documents.put({ TableName: ledger, Item: { pk, sk } });
    const query = (ScanIndexForward: boolean) =>
      db.documents.query({
        TableName: ledger,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: { ':pk': pk, ':from': '2', ':to': '9' },
        ScanIndexForward,
      });

    const [up, down] = [await query(true), await query(false)];

    assert.deepEqual(
      [up, down].map(({ Items }) => Items?.map(({ sk }) => sk)),
      [
        ['2', '3'],
        ['3', '2'],
      ],
    );
  });

  it('keeps nested values, empty lists and text of every script as they were', async () => {
    const Item = {
      pk: newKey(),
      latch: { reason: 'it\'s "over" – 停止 🛑', at: null },
      pendingEntries: [],
      limits: { max: 1.5 },
      live: false,
    };
    await db.documents.put({ TableName: control, Item });

    assert.deepEqual(await read(Item.pk), Item);
  });

  it('appends to a list that may not exist yet, unconditionally', async () => {
    const pk = newKey();
    const append = (entry: string) =>
      db.documents.update({
        TableName: control,
        Key: { pk },
        UpdateExpression:
          'SET #mode = :killed, pendingEntries = list_append(if_not_exists(pendingEntries, :none), :entry) ADD epoch :one',
        ExpressionAttributeNames: { '#mode': 'mode' },
        ExpressionAttributeValues: { ':killed': 'KILLED', ':none': [], ':entry': [entry], ':one': 1 },
        ReturnValues: 'ALL_NEW',
      });

    await append('a');
    const { Attributes } = await append('b');

    assert.deepEqual(Attributes, { pk, mode: 'KILLED', epoch: 2, pendingEntries: ['a', 'b'] });
  });
});
