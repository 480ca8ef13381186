import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { EventRule } from '../../../../local/aws/eventbridge/event-rule.ts';
import { createEventBridge, type EventBridge } from '../../../../local/aws/eventbridge/eventbridge.ts';
import type { ServiceEvent } from '../../../../local/aws/eventbridge/service-event.ts';
import { account, clientOptions, region, type Served, serveLocally } from '../serve-locally.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** A target that keeps what it gets, fails the first `failures` times, and tells when it has taken `count` events. */
function recorder(count: number, failures = 0) {
  const taken: ServiceEvent[] = [];
  const done = Promise.withResolvers<ServiceEvent[]>();
  let calls = 0;
  const target = {
    id: 'recorder',
    async invoke(event: ServiceEvent) {
      calls += 1;
      if (calls <= failures) throw new Error(`call ${calls} fails`);
      taken.push(event);
      if (taken.length === count) done.resolve(taken);
    },
  };
  return { target, done: done.promise, calls: () => calls };
}

const entry = { Source: 'tradepulse', DetailType: 'strategy.killed', Detail: '{"strategyId":"btc-momentum"}' };

describe('the local EventBridge', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let bridge: EventBridge;
  let served: Served;
  let client: EventBridgeClient;

  const open = (backoff = () => 1) =>
    createEventBridge({
      dataPath: folder.path,
      region,
      account,
      buses: ['control'],
      now: () => new Date('2026-11-23T10:00:00.250Z'),
      backoff,
    });
  const rule = (target: EventRule['targets'][number], more: Partial<EventRule> = {}): EventRule => ({
    name: 'everything of ours',
    bus: 'default',
    pattern: { source: [{ prefix: 'tradepulse' }] },
    targets: [target],
    ...more,
  });
  const put = (...Entries: PutEventsRequestEntry[]) => client.send(new PutEventsCommand({ Entries }));
  const captured = async () =>
    (await readFile(join(folder.path, 'events.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  beforeEach(async () => {
    folder = await temporaryFolder();
    bridge = open();
    served = await serveLocally((request) => bridge.handle(request));
    client = new EventBridgeClient(clientOptions(served.url));
  });
  afterEach(async () => {
    client.destroy();
    await served.close();
    await bridge.close();
    await folder.remove();
  });

  it('carries an event to the targets of the rules that match, in the envelope of AWS', async () => {
    const [matching, other] = [recorder(1), recorder(1)];
    bridge.registerRules([rule(matching.target), rule(other.target, { name: 'other bus', bus: 'control' })]);

    const { Entries, FailedEntryCount } = await put(entry);

    const [event] = await matching.done;
    assert.deepEqual([FailedEntryCount, event?.id, event?.time], [0, Entries?.[0]?.EventId, '2026-11-23T10:00:00Z']);
    assert.deepEqual(
      [event?.detail, event?.account, event?.region, event?.version],
      [{ strategyId: 'btc-momentum' }, account, region, '0'],
    );
    assert.equal(other.calls(), 0);
  });

  it('carries an event to a named bus, by name or ARN', async () => {
    const { target, done } = recorder(2);
    bridge.registerRules([rule(target, { bus: 'control' })]);

    await put(
      { ...entry, EventBusName: 'control' },
      { ...entry, EventBusName: `arn:aws:events:${region}:${account}:event-bus/control` },
    );

    assert.equal((await done).length, 2);
  });

  it('fails the bad entries of a call alone, with a code each', async () => {
    const { target, done } = recorder(1);
    bridge.registerRules([rule(target)]);
    const { Source, DetailType } = entry;

    const { Entries, FailedEntryCount } = await put(
      { ...entry, Detail: '{"cut' },
      entry,
      { ...entry, Detail: '[]' },
      { ...entry, Source: 'aws.states' },
      { Source, DetailType },
      { ...entry, EventBusName: 'nobody' },
    );

    assert.equal((await done).length, 1);
    assert.equal(FailedEntryCount, 5);
    assert.deepEqual(
      Entries?.map(({ ErrorCode }) => ErrorCode),
      [
        'MalformedDetail',
        undefined,
        'MalformedDetail',
        'NotAuthorizedForSourceException',
        'InvalidArgument',
        'ResourceNotFoundException',
      ],
    );
  });

  it('refuses calls without entries, with more than ten, or over 256 KB', async () => {
    bridge.registerRules([]);

    await assert.rejects(put(), { name: 'ValidationException' });
    await assert.rejects(put(...Array.from({ length: 11 }, () => entry)), { name: 'ValidationException' });
    const large = { ...entry, Detail: JSON.stringify({ text: 'x'.repeat(262_144) }) };
    await assert.rejects(put(large), { name: 'ValidationException', message: /Total size/ });
  });

  it('calls a failing target again until it succeeds, and captures every try', async () => {
    const { target, done, calls } = recorder(1, 3);
    bridge.registerRules([rule(target)]);

    await put(entry);
    await done;
    await bridge.close();

    const lines = await captured();
    assert.equal(calls(), 4);
    assert.deepEqual(
      lines.map(({ attempts, event }) => attempts ?? event?.source),
      ['tradepulse', 1, 2, 3],
    );
    assert.deepEqual(lines[1].reason, 'call 1 fails');
    bridge = open();
  });

  it('delivers after a restart what a target had not taken before', async () => {
    const failed = Promise.withResolvers<void>();
    await bridge.close();
    bridge = open(() => 3_600_000);
    bridge.registerRules([
      rule({
        id: 'recorder',
        invoke: async () => {
          failed.resolve();
          throw new Error('not now');
        },
      }),
    ]);
    await put(entry);
    await failed.promise;
    await bridge.close();
    const { target, done } = recorder(1);

    bridge = createEventBridge({ dataPath: folder.path, region, account, now: () => new Date('2026-11-23T12:00:00Z') });
    bridge.registerRules([rule(target)]);

    assert.deepEqual((await done)[0]?.detail, { strategyId: 'btc-momentum' });
  });

  it('drops what is left for a rule the template no longer has, and says so', async () => {
    const failed = Promise.withResolvers<void>();
    await bridge.close();
    bridge = open(() => 3_600_000);
    const invoke = async () => {
      failed.resolve();
      throw new Error('not now');
    };
    bridge.registerRules([rule({ id: 'gone', invoke })]);
    await put(entry);
    await failed.promise;
    await bridge.close();

    bridge = createEventBridge({ dataPath: folder.path, region, account, now: () => new Date('2026-11-23T12:00:00Z') });
    bridge.registerRules([]);
    const dropped = async () => (await captured()).some((line) => line.dropped?.includes('no longer'));
    while (!(await dropped())) await setImmediate();
  });

  it('publishes what a service says on the default bus', async () => {
    const { target, done } = recorder(1);
    const pattern = { source: ['aws.states'], detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'] } };
    bridge.registerRules([rule(target, { pattern })]);

    bridge.publish({
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      detail: { status: 'FAILED' },
    });

    assert.equal((await done)[0]?.['detail-type'], 'Step Functions Execution Status Change');
  });

  it('does not start with a rule it cannot serve, and names it', () => {
    const { target } = recorder(1);

    assert.throws(
      () => bridge.registerRules([rule(target, { name: 'FollowRule', pattern: { source: [{ wildcard: 'a*' }] } })]),
      /FollowRule.*wildcard/,
    );
  });

  it('refuses events before its rules are known, for they would reach nobody', () => {
    assert.throws(() => bridge.publish({ source: 'aws.states', 'detail-type': 'x', detail: {} }), /registerRules/);
  });
});
