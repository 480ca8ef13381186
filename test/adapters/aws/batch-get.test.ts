import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { batchGet } from '../../../adapters/aws/batch-get.ts';
import { DynamoBulkRecords } from '../../../adapters/aws/dynamo-bulk-records.ts';
import { recordItem } from '../../../adapters/aws/record-item.ts';
import { documentClient, tables } from './local-tables.ts';
import { pointAt } from './point-at.ts';
import { AT, freeze } from './samples.ts';

/** What the local DynamoDB never does: leave out a part of an answer. */
describe('batchGet', () => {
  pointAt('DYNAMODB', 'http://127.0.0.1:1');
  const client = documentClient();
  const dynamo = mockClient(client);
  const keys = (count: number) => Array.from({ length: count }, (_each, index) => `LEASE#${index}`);
  const answered = (pks: readonly string[]) => ({ Responses: { Control: pks.map((pk) => ({ pk })) } });
  const read = (pks: readonly string[]) => batchGet(client, 'Control', pks);
  const asked = () =>
    dynamo.commandCalls(BatchGetCommand).map(({ args: [{ input }] }) => input.RequestItems?.['Control']);
  beforeEach(() => dynamo.reset());

  it('asks for a hundred at a time, each once, as they stand now', async () => {
    dynamo.on(BatchGetCommand).resolves({});

    await read([...keys(250), 'LEASE#1']);

    assert.deepEqual(
      asked().map((each) => [each?.Keys?.length, each?.ConsistentRead]),
      [
        [100, true],
        [100, true],
        [50, true],
      ],
    );
  });

  it('asks for nothing where nothing is wanted', async () => {
    assert.deepEqual([await read([]), asked()], [[], []]);
  });

  it('asks again for what was left out, until it is there', async () => {
    const left = { UnprocessedKeys: { Control: { Keys: [{ pk: 'LEASE#1' }] } } };
    dynamo
      .on(BatchGetCommand)
      .resolvesOnce({ ...answered(['LEASE#0']), ...left })
      .resolvesOnce({ Responses: {}, ...left })
      .resolves(answered(['LEASE#1']));

    assert.deepEqual(await read(keys(2)), [{ pk: 'LEASE#0' }, { pk: 'LEASE#1' }]);
    assert.deepEqual(
      asked().map((each) => each?.Keys?.length),
      [2, 1, 1],
    );
  });

  it('never takes what was not read for what is not there: it throws, after a while', { timeout: 10_000 }, async () => {
    dynamo.on(BatchGetCommand).resolves({ UnprocessedKeys: { Control: { Keys: [{ pk: 'LEASE#1' }] } } });

    await assert.rejects(batchGet(client, 'Control', keys(2), 30), /1 items could not be read in time/);
  });

  it('is a fault where the store is away, and where a record is not in order', async () => {
    const away = new Error('ECONNRESET');
    dynamo.on(BatchGetCommand).rejects(away);
    await assert.rejects(read(keys(1)), away);

    const item = { ...recordItem(freeze('one'), AT), record: { id: 'one' } };
    dynamo.on(BatchGetCommand).resolves({ Responses: { [tables.control]: [item] } });
    await assert.rejects(new DynamoBulkRecords(client, tables, () => AT).getMany('FREEZE', ['one']), {
      name: 'ZodError',
    });
  });
});
