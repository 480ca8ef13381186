import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
  TransactionInProgressException,
} from '@aws-sdk/client-dynamodb';
import { GetCommand, QueryCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { DynamoLedger } from '../../../adapters/aws/dynamo-ledger.ts';
import { DynamoRecords } from '../../../adapters/aws/dynamo-records.ts';
import { DynamoRefusals } from '../../../adapters/aws/dynamo-refusals.ts';
import { DynamoStrategies } from '../../../adapters/aws/dynamo-strategies.ts';
import { recordItem } from '../../../adapters/aws/record-item.ts';
import { LogId } from '../../../domain/ledger/ledger-entry.ts';
import { documentClient, tables } from './local-tables.ts';
import { pointAt } from './point-at.ts';
import { AT, actor, aStrategy, decided, entry, freeze, latch } from './samples.ts';

const said = { message: 'said AWS', $metadata: {} };
const cancelled = (...codes: string[]) =>
  new TransactionCanceledException({ ...said, CancellationReasons: codes.map((Code) => ({ Code })) });
const LOG = LogId.parse('access');

/** What the local DynamoDB never does. */
describe('under contention on AWS', () => {
  pointAt('DYNAMODB', 'http://127.0.0.1:1');
  const client = documentClient();
  const dynamo = mockClient(client);
  const strategies = new DynamoStrategies(client, tables);
  const before = { ...aStrategy(), version: 3 };
  const commit = () => strategies.commit(before, decided(before, [entry('a.b')]), AT);
  const append = () => new DynamoLedger(client, tables, async () => undefined).append(LOG, [entry('a.b')], AT);
  beforeEach(() => dynamo.reset());

  for (const codes of [['TransactionConflict'], ['None', 'ConditionalCheckFailed', 'TransactionConflict']]) {
    it(`a commit cancelled by ${codes.join(', ')} lost its race: decide afresh`, async () => {
      dynamo.on(TransactWriteCommand).rejects(cancelled(...codes));

      assert.equal(await commit(), undefined);
    });
  }

  for (const [what, fault] of [
    ['was throttled', cancelled('ThrottlingError', 'None')],
    ['lost a race and was throttled', cancelled('ConditionalCheckFailed', 'ThrottlingError')],
    ['was too large', cancelled('ValidationError')],
    ['says not why it was cancelled', new TransactionCanceledException(said)],
    ['may still be under way', new TransactionInProgressException({ ...said, Message: 'in progress' })],
    ['never reached the table', new Error('ECONNRESET')],
  ] as const) {
    it(`a commit that ${what} is a fault, never taken for a lost race`, async () => {
      dynamo.on(TransactWriteCommand).rejects(fault);

      await assert.rejects(commit(), (error) => error === fault);
    });
  }

  it('an append tries again after every lost race, on the head as it is then', async () => {
    dynamo
      .on(GetCommand)
      .resolvesOnce({})
      .resolves({ Item: { ledgerSize: 1, ledgerRange: ['00'.repeat(32)] } });
    dynamo.on(TransactWriteCommand).rejectsOnce(cancelled('TransactionConflict')).resolves({});

    assert.deepEqual(
      (await append()).map(({ index }) => index),
      [1],
    );
  });

  it('an append that never wins is refused by name, and one that fails otherwise is a fault', async () => {
    dynamo.on(GetCommand).resolves({});
    dynamo.on(TransactWriteCommand).rejects(cancelled('TransactionConflict'));
    await assert.rejects(append(), { name: 'StoreUnavailable' });

    dynamo.on(TransactWriteCommand).rejects(cancelled('ThrottlingError'));
    await assert.rejects(append(), TransactionCanceledException);
  });

  it('a kill of what is not there is a fault, not a new strategy', async () => {
    const fault = new ConditionalCheckFailedException(said);
    dynamo.on(UpdateCommand, { ConditionExpression: 'attribute_exists(pk)' }).rejects(fault);

    await assert.rejects(strategies.latchUnconditionally(before.id, latch('loss'), entry('kill.requested'), AT), fault);
  });

  it('a list goes on where a page ended, and stops when it has enough', async () => {
    const pageOf = (id: string) => ({ Items: [recordItem(freeze(id), AT)], LastEvaluatedKey: { pk: id } });
    dynamo.on(QueryCommand).resolvesOnce(pageOf('one')).resolvesOnce(pageOf('two')).resolves({ Items: [] });
    const records = new DynamoRecords(client, tables, () => AT);

    assert.deepEqual(
      (await records.list('FREEZE', { limit: 2 })).map(({ id }) => id),
      ['one', 'two'],
    );
    assert.equal(dynamo.commandCalls(QueryCommand).length, 2);
  });

  it('gives freezes of every page', async () => {
    dynamo
      .on(QueryCommand)
      .resolvesOnce({ Items: [recordItem(freeze('one'), AT)], LastEvaluatedKey: { pk: 'one' } })
      .resolves({ Items: [recordItem(freeze('two'), AT)] });

    const all = await new DynamoRecords(client, tables, () => AT).all('FREEZE');

    assert.deepEqual(
      all.map(({ id }) => id),
      ['one', 'two'],
    );
  });

  const refusals = new DynamoRefusals(client, tables);
  const counter = (minute: string) => ({
    minute,
    actor,
    code: 'WrongRole',
    count: 2,
    firstAt: minute,
    lastAt: minute,
    method: 'POST',
    path: '/v1/x',
    roles: [],
  });
  const attempt = { actor, code: 'WrongRole', method: 'POST', path: '/v1/x', roles: [], at: AT };

  it('a refusal is counted again when its counter was being sealed, and any other failure is a fault', async () => {
    const conflict = new TransactionConflictException(said);
    dynamo.on(UpdateCommand).rejectsOnce(conflict).resolves({});
    await refusals.count(attempt);
    assert.equal(dynamo.commandCalls(UpdateCommand).length, 2);

    dynamo.on(UpdateCommand).rejects(conflict);
    await assert.rejects(refusals.count(attempt), conflict);
    const fault = new Error('ECONNRESET');
    dynamo.on(UpdateCommand).rejects(fault);
    await assert.rejects(refusals.count(attempt), fault);
  });

  it('a sealing that lost its race writes nothing, and one that fails otherwise is a fault', async () => {
    dynamo.on(GetCommand).resolves({});
    const seal = () => refusals.seal([counter(AT.toISOString())], [entry('access.refused')], AT);
    dynamo.on(TransactWriteCommand).rejects(cancelled('None', 'None', 'ConditionalCheckFailed'));
    assert.equal(await seal(), undefined);

    dynamo.on(TransactWriteCommand).rejects(cancelled('ThrottlingError', 'None', 'None'));
    await assert.rejects(seal(), TransactionCanceledException);
  });

  it('lists the counters of every page, up to what one tick can seal', async () => {
    const pageOf = (count: number) => ({
      Items: Array.from({ length: count }, () => counter(AT.toISOString())),
      LastEvaluatedKey: { pk: 'more' },
    });
    dynamo.on(QueryCommand).resolvesOnce(pageOf(400)).resolvesOnce(pageOf(400)).resolves(pageOf(400));

    assert.equal((await refusals.due(AT)).length, 1_000);

    assert.equal(dynamo.commandCalls(QueryCommand).length, 3);
  });
});
