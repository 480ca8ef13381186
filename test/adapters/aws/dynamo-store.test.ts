import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { jitter } from '../../../adapters/aws/clock.ts';
import { DynamoBulkRecords } from '../../../adapters/aws/dynamo-bulk-records.ts';
import { DynamoBulkStrategies } from '../../../adapters/aws/dynamo-bulk-strategies.ts';
import { DynamoLedger } from '../../../adapters/aws/dynamo-ledger.ts';
import { DynamoRecords } from '../../../adapters/aws/dynamo-records.ts';
import { DynamoRefusals } from '../../../adapters/aws/dynamo-refusals.ts';
import { DynamoStrategies } from '../../../adapters/aws/dynamo-strategies.ts';
import { PastAlert } from '../../../domain/alert/alert.ts';
import { bulkContract } from './bulk.contract.ts';
import { aLog, indexesOf, ledgerContract, pagesOf } from './ledger.contract.ts';
import { localTables, tables } from './local-tables.ts';
import { recordsContract } from './records.contract.ts';
import { refusalsContract } from './refusals.contract.ts';
import { AT, alert, aStrategy, command, decided, entry } from './samples.ts';
import { strategiesContract } from './strategies.contract.ts';
import { versionsContract } from './versions.contract.ts';

describe('on the local DynamoDB', () => {
  let local: Awaited<ReturnType<typeof localTables>>;
  before(async () => {
    local = await localTables();
  });
  after(() => local.close());

  const open = () => ({
    strategies: new DynamoStrategies(local.dynamo, tables),
    records: new DynamoRecords(local.dynamo, tables, () => AT),
    ledger: new DynamoLedger(local.dynamo, tables, jitter),
    refusals: new DynamoRefusals(local.dynamo, tables),
  });

  strategiesContract('DynamoStrategies', open);
  ledgerContract('DynamoLedger', () => open().ledger);
  versionsContract('The DynamoDB adapters', open);
  bulkContract('The DynamoDB adapters', () => ({
    strategies: new DynamoBulkStrategies(local.dynamo, tables),
    records: new DynamoBulkRecords(local.dynamo, tables, () => AT),
  }));
  recordsContract('DynamoRecords', async () => {
    await local.empty();
    return open().records;
  });

  refusalsContract('DynamoRefusals', async () => {
    const { Items = [] } = await local.documents.scan({ TableName: tables.control, ConsistentRead: true });
    const counters = Items.filter(({ kind }) => kind === 'REFUSAL'); // not the head of `access`: its entries stay
    for (const { pk } of counters)
      await local.documents.delete({ TableName: tables.control, Key: { pk: pk as string } });
    return open();
  });

  it('skips no entry where a page is larger than DynamoDB gives at once', async () => {
    const { ledger } = open();
    const log = aLog();
    for (let batch = 0; batch < 4; batch += 1)
      await ledger.append(
        log,
        Array.from({ length: 5 }, () => entry('note.made', { text: 'x'.repeat(100_000) })),
        AT,
      );

    const pages = await pagesOf(ledger, log, 20, 'asc');

    assert.ok(pages.length > 1);
    assert.deepEqual(indexesOf(pages), [...Array(20).keys()]);
    assert.deepEqual(indexesOf(await pagesOf(ledger, log, 20, 'desc')), [...Array(20).keys()].toReversed());
  });

  it('never overwrites an entry that stands in the ledger, whatever the head says', async () => {
    const { strategies } = open();
    const before = aStrategy();
    await strategies.commit(before, decided(before, [entry('a.b')]), AT);
    const Key = { pk: `STRATEGY#${before.id}` };
    await local.documents.delete({ TableName: tables.control, Key });

    assert.equal(await strategies.commit(before, decided(before, [entry('c.d')]), AT), undefined);

    const { Item } = await local.documents.get({
      TableName: tables.ledger,
      Key: { pk: before.id, sk: '0000000000000000' },
    });
    assert.match(String(Item?.['entry']), /"type":"a.b"/);
  });

  it('lets DynamoDB drop a command after seven days, an alert that is over after thirty, and nothing else', async () => {
    const { strategies } = open();
    const before = aStrategy();
    await strategies.commit(before, decided(before, [entry('a.b')], [command(before.id)]), AT);

    const past = PastAlert.parse(alert('past', { resolvedAt: AT.toISOString() }).record);
    await open().records.put({ kind: 'PASTALERT', record: past });
    await open().records.put(alert('stands'));

    const kept = [`STRATEGY#${before.id}`, 'ALERT#s/clock/stands'];
    const items = await Promise.all(
      [`COMMAND#${before.id}`, `PASTALERT#${past.id}`, ...kept].map(
        async (pk) => (await local.documents.get({ TableName: tables.control, Key: { pk } })).Item,
      ),
    );

    assert.deepEqual(
      items.map((item) => item?.['ttl']),
      [...[7, 30].map((days) => AT.getTime() / 1000 + days * 86_400), undefined, undefined],
    );
  });
});
