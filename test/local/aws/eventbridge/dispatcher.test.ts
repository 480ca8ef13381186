import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Deliveries, Delivery } from '../../../../local/aws/eventbridge/deliveries.ts';
import { createDispatcher } from '../../../../local/aws/eventbridge/dispatcher.ts';
import { eventually } from '../../../../rehearsal/eventually.ts';

const delivery = { id: 1, rule: 'rule', target: 'target', event: {}, attempts: 0, due: 0 } as unknown as Delivery;

it('createDispatcher delivers again what it could not note as delivered, since the disk was full', async () => {
  const calls: string[] = [];
  const left = new Set([1]);
  const remove = (id: number) => {
    if (calls.length === 1) throw Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR' });
    left.delete(id);
  };
  const target = { id: 'target', invoke: async () => void calls.push('called') };
  const dispatcher = createDispatcher({
    deliveries: { remove } as unknown as Deliveries,
    now: () => new Date(0),
    backoff: () => 1,
    rules: () => new Map([['rule', { targets: [target] } as never]]),
    note: () => undefined,
  });

  dispatcher.start(delivery);
  await eventually(
    'nothing left',
    async () => left.size,
    (size) => size === 0,
    2_000,
  );

  assert.deepEqual(calls, ['called', 'called']);
  await dispatcher.close();
});
