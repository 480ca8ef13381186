import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LedgerStream, watchLedger } from '../../../domain/ledger/watch-ledger.ts';

const record = (eventName: string, eventID: string) => ({
  eventID,
  eventName,
  eventSource: 'aws:dynamodb',
  dynamodb: {
    Keys: { pk: { S: 'btc-momentum' }, sk: { S: '0000000000000007' } },
    ...(eventName !== 'INSERT' && { OldImage: { entry: { S: '{"the":"truth"}' } } }),
    ...(eventName !== 'REMOVE' && { NewImage: { entry: { S: '{"a":"lie"}' } } }),
    SizeBytes: 10,
  },
});

function watcher() {
  const seen: { alarms: unknown[]; kept: Map<string, string>; told: unknown[] } = {
    alarms: [],
    kept: new Map(),
    told: [],
  };
  const ports = {
    alarm: (what: string, facts: Record<string, unknown>) => void seen.alarms.push({ what, ...facts }),
    alarms: { createOnce: async (key: string, content: string) => void seen.kept.set(key, content) },
    bus: { publish: async (type: string, detail: Record<string, unknown>) => void seen.told.push({ type, ...detail }) },
  };
  return { seen, ports };
}

const streamOf = (...records: unknown[]) => LedgerStream.parse({ Records: records });

describe('the watcher of the ledger table', () => {
  it('says nothing about inserts', async () => {
    const { seen, ports } = watcher();

    assert.deepEqual(await watchLedger(streamOf(record('INSERT', '1')), ports), { summary: '1 inserts' });
    assert.deepEqual([seen.alarms, seen.told, seen.kept.size], [[], [], 0]);
  });

  for (const eventName of ['MODIFY', 'REMOVE']) {
    it(`rings for a ${eventName}, keeps what the entry was, and tells the bus`, async () => {
      const { seen, ports } = watcher();

      await watchLedger(streamOf(record('INSERT', '1'), record(eventName, '2')), ports);

      const facts = { log: 'btc-momentum', sequence: '0000000000000007', eventName, eventID: '2' };
      assert.deepEqual(seen.alarms, [{ what: 'an entry of the ledger was changed or removed', ...facts }]);
      assert.deepEqual(seen.told, [{ type: 'ledger.tampered', what: `${eventName} of an entry`, ...facts }]);
      assert.match(seen.kept.get('ledger-alarms/2.json') ?? '', /\\"the\\":\\"truth\\"/);
    });
  }

  it('rings first: a bucket that cannot be written hides nothing, and the record comes again', async () => {
    const { seen, ports } = watcher();
    const alarms = { createOnce: () => Promise.reject(new Error('no bucket')) };

    await assert.rejects(watchLedger(streamOf(record('REMOVE', '1')), { ...ports, alarms }), /no bucket/);
    assert.equal(seen.alarms.length, 1);
  });
});
