import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { emfMetrics } from '../../../adapters/aws/emf-metrics.ts';
import { readOutsideTime } from '../../../adapters/identity/read-outside-time.ts';

const NOW = new Date('2026-11-24T12:00:00.000Z');
const opened = () => {
  const lines: Record<string, unknown>[] = [];
  return {
    lines,
    metrics: emfMetrics(
      (line) => lines.push(line),
      () => NOW,
    ),
  };
};
const orders = (value: number | number[]) => ({ name: 'OpenOrders', value, unit: 'Count' as const });

describe('emfMetrics', () => {
  it('writes one line for each set of dimensions, with all values of the minute, and what stands beside them', () => {
    const { lines, metrics } = opened();
    metrics.put({ Strategy: 'btc' }, [orders(2), { name: 'LeaseAgeMs', value: 40, unit: 'Milliseconds' }], {
      mode: 'ACTIVE',
    });
    metrics.put({ Strategy: 'eth' }, [orders(7)]);
    metrics.put({ Strategy: 'btc' }, [orders([0, 1])], { mode: 'SAFE' });
    assert.deepEqual(lines, []);

    metrics.flush();
    metrics.flush();

    const directive = (...Metrics: object[]) => ({
      Timestamp: NOW.getTime(),
      CloudWatchMetrics: [{ Namespace: 'TradePulse', Dimensions: [['Strategy']], Metrics }],
    });
    const counted = { Name: 'OpenOrders', Unit: 'Count' };
    assert.deepEqual(lines, [
      {
        _aws: directive(counted, { Name: 'LeaseAgeMs', Unit: 'Milliseconds' }),
        ...{ Strategy: 'btc', OpenOrders: [2, 0, 1], LeaseAgeMs: 40, mode: 'SAFE' },
      },
      { _aws: directive(counted), Strategy: 'eth', OpenOrders: 7 },
    ]);
  });

  it('never writes more than the hundred values of a metric that a line may hold, nor anything that is no number', () => {
    const { lines, metrics } = opened();
    for (let value = 0; value < 150; value += 1) metrics.put({ Strategy: 'btc' }, [orders(value)]);
    metrics.put({ Strategy: 'btc' }, [orders(Number.NaN), { name: 'Odd', value: [], unit: 'None' }]);
    metrics.put({ Strategy: 'eth' }, [orders(Array.from({ length: 300 }, (_, at) => at))]);
    metrics.flush();

    assert.deepEqual(
      lines.map((line) => (line['OpenOrders'] as number[]).length),
      [100, 100, 50],
    );
    assert.ok(!JSON.stringify(lines).includes('Odd') && !JSON.stringify(lines).includes('null'));
  });

  it('writes nothing for a strategy of which nothing is known', () => {
    const { lines, metrics } = opened();
    metrics.put({ Strategy: 'btc' }, []);
    metrics.flush();

    assert.deepEqual(lines, []);
  });
});

describe('readOutsideTime', () => {
  const serving = async (headers: Record<string, string>, status = 200) => {
    const server = createServer((_, response) => {
      response.sendDate = false;
      response.writeHead(status, headers).end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo; // a TCP server has one
    try {
      return await readOutsideTime(`http://127.0.0.1:${port}/x`);
    } finally {
      server.close();
    }
  };

  it('is what any answer says, and how long a cache has kept it', async () => {
    const date = 'Tue, 24 Nov 2026 12:00:00 GMT';
    assert.deepEqual(await serving({ date }, 404), NOW);
    assert.deepEqual(await serving({ date, age: '30' }), new Date(NOW.getTime() + 30_000));
  });

  it('is nothing where nobody tells it', async () => {
    await assert.rejects(serving({}), /127\.0\.0\.1:\d+ tells no time/);
    await assert.rejects(serving({ date: 'soon' }), /tells no time/);
    await assert.rejects(readOutsideTime('http://127.0.0.1:1/x'), TypeError);
  });
});
