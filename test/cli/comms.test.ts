import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runCommand } from './run-command.ts';
import { problem } from './stand-in-control-plane.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const open = standInForEachTest();
const AT = '2026-11-23T14:05:09.000Z';
const delivery = {
  ...{ id: 'kill-1/kill-switch/#incidents', trigger: 'kill-switch', channel: '#incidents', severity: 'critical' },
  ...{
    status: 'acknowledged',
    subject: 'Kill-switch triggered for btc',
    text: 'Kill-switch triggered for *btc*\nBridge',
  },
  ...{ audience: ['Executive', 'Compliance'], at: AT, detectedAt: '2026-11-23T14:05:09.100Z' },
  ...{ sentAt: '2026-11-23T14:05:10.400Z', acknowledgedAt: '2026-11-23T14:05:10.500Z' },
  attempts: [
    { at: AT, tookMs: 3000, outcome: 'retry', detail: '503' },
    { at: '2026-11-23T14:05:10.400Z', tookMs: 100, outcome: 'acknowledged', detail: '200' },
  ],
};
const failed = { ...delivery, status: 'failed', escalatedTo: 'email', attempts: [delivery.attempts[0]] };

describe('comms ls', () => {
  it('shows where each message is, how long it took, and who took over', async () => {
    const { url, requests } = await open((app) => {
      app.get('/v1/deliveries', (c) => c.json({ deliveries: [delivery, failed] }));
    });

    const { stdout } = await runCommand(['comms', 'ls', '--strategy', 'btc', '--status', 'failed', '--url', url]);

    assert.match(stdout, /^2026-11-23 14:05:09Z +#incidents +acknowledged +1\.4 s +2 +Kill-switch triggered for btc$/m);
    assert.match(stdout, /#incidents +failed, went to email +- +1 +Kill-switch/);
    assert.equal(requests[0]?.path, '/v1/deliveries?limit=50&strategy=btc&status=failed');
  });

  it('is one JSON object a delivery for machines, and says so when there is none', async () => {
    const { url } = await open((app) => {
      app.get('/v1/deliveries', (c) => c.json({ deliveries: c.req.query('run') ? [] : [delivery, failed] }));
    });

    const { lines } = await runCommand(['comms', 'ls', '--url', url, '--output', 'jsonl']);
    const none = await runCommand(['comms', 'ls', '--run', 'run-1', '--url', url]);

    assert.deepEqual(lines, [delivery, failed]);
    assert.equal(none.stdout, 'nothing was sent yet\n');
  });
});

describe('comms show', () => {
  it('shows a message as it was rendered, its times to the millisecond, and every try', async () => {
    const { url, requests } = await open((app) => {
      app.get('/v1/deliveries', (c) => c.json({ deliveries: [{ ...delivery, escalatedFrom: 'PagerDuty bridge' }] }));
    });

    const { stdout } = await runCommand(['comms', 'show', delivery.id, '--url', url]);

    assert.equal(requests[0]?.path, '/v1/deliveries?id=kill-1%2Fkill-switch%2F%23incidents');
    assert.match(stdout, /took over +from PagerDuty bridge/);
    assert.match(stdout, /happened +2026-11-23 14:05:09\.000Z\nknown +2026-11-23 14:05:09\.100Z\nsent +.*10\.400Z/);
    assert.match(stdout, /\nKill-switch triggered for \*btc\*\nBridge\n/);
    assert.match(stdout, /14:05:09\.000Z +3\.0 s +retry +503\n/);
  });

  it('says that there is none of that id, and where ids are', async () => {
    const { url } = await open((app) => {
      app.get('/v1/deliveries', (c) => c.json({ deliveries: [] }));
    });

    const { code, stderr } = await runCommand(['comms', 'show', 'x', '--url', url]);

    assert.equal(code, 2);
    assert.match(stderr, /there is no delivery x[\s\S]*comms ls --output jsonl/);
  });
});

describe('comms test', () => {
  const testing = (...states: (object | undefined)[]) =>
    open((app) => {
      app.post('/v1/channel-tests', (c) =>
        c.json({ delivery: delivery.id, channel: '#incidents', summary: 'a test is on its way to #incidents' }),
      );
      app.get('/v1/deliveries', (c) => {
        const state = states.length > 1 ? states.shift() : states[0];
        return c.json({ deliveries: state ? [state] : [] });
      });
    });

  it('sends a test and waits until the provider has acknowledged it', async () => {
    const waiting = { ...delivery, status: 'waiting', attempts: [] };
    const { url, requests } = await testing(undefined, waiting, delivery);

    const { code, stdout } = await runCommand(['comms', 'test', '#incidents', '--url', url]);

    assert.equal(code, 0);
    assert.deepEqual(requests[0]?.body, { channel: '#incidents' });
    assert.match(stdout, /▶ a test is on its way to #incidents\n✓ #incidents has acknowledged it: 200 \(500 ms\)/);
  });

  it('fails with the words of the provider when it does not take it', async () => {
    const { url } = await testing(failed);

    const { code, stderr } = await runCommand(['comms', 'test', '#incidents', '--url', url]);

    assert.equal(code, 1);
    assert.match(stderr, /#incidents did not take it: 503[\s\S]*docs\/deploy\.md/);
  });

  it('does not wait for ever, and says where to look again', async () => {
    const { url } = await testing(undefined);

    const { stderr } = await runCommand(['comms', 'test', '#incidents', '--url', url]);

    assert.match(stderr, /has not acknowledged it within 60 s[\s\S]*comms show 'kill-1\/kill-switch\/#incidents'/);
  });

  it('passes on which channels there are', async () => {
    const { url } = await open((app) => {
      app.post('/v1/channel-tests', () => problem(404, 'UnknownChannel', "there is no channel '#x'"));
    });

    const { code, stderr } = await runCommand(['comms', 'test', '#x', '--url', url]);

    assert.equal(code, 2);
    assert.match(stderr, /there is no channel '#x'/);
  });
});
