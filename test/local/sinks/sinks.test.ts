import assert from 'node:assert/strict';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import * as z from 'zod';
import { messageChannels } from '../../../adapters/channels/message-channels.ts';
import type { Outgoing } from '../../../domain/ports/message-channels.ts';
import { type Listening, listen } from '../../../engine-sim/program/listen.ts';
import type { Installation } from '../../../local/host/installation.ts';
import { type ChannelFaults, channelFaults, isChannelFault } from '../../../local/sinks/channel-faults.ts';
import { openOutbox } from '../../../local/sinks/outbox.ts';
import { receiver } from '../../../local/sinks/receive.ts';
import { type Channels, secretEntries, sinkAddresses } from '../../../local/sinks/sink-addresses.ts';
import { sinks } from '../../../local/sinks/sinks.ts';
import { anOutgoing, NASTY } from '../../adapters/channels/outgoing.ts';
import { temporaryFolder } from '../aws/temporary-folder.ts';

const installation: Installation = {
  accessKeyId: 'AKIATEST',
  secretAccessKey: 'test',
  manifestKey: { privateKey: '', publicKey: '' },
  seed: 'a seed of this installation',
};
const CHANNELS: Channels = {
  '#incidents': { via: 'slack' },
  'PagerDuty bridge': { via: 'pagerduty' },
  'compliance mail': { via: 'email', to: ['compliance@example.com'] },
};

const Listed = z.object({ faults: z.array(z.object({ name: z.string(), active: z.array(z.string()) })) });

/** The adapters that Lambdas use, against the sinks that the local host serves. */
describe('the sinks of the local host', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let server: Listening;
  let faults: ChannelFaults;
  const now = () => new Date('2026-11-26T10:00:00Z');

  before(async () => {
    folder = await temporaryFolder();
    let handle: ReturnType<typeof sinks>;
    server = await listen((request) => handle(request), 0);
    faults = channelFaults();
    handle = sinks({
      addresses: sinkAddresses(CHANNELS, installation),
      channels: Object.keys(CHANNELS),
      receive: receiver(openOutbox(folder.path), faults),
      faults,
      now,
    });
  });
  beforeEach(() => {
    for (const { name } of faults.list()) assert.ok(isChannelFault(name) && faults.clear(name) === undefined);
  });
  after(async () => {
    await server.close();
    await folder.remove();
  });

  const send = (changes: Partial<Outgoing> = {}, deadlineMs = 2_000) =>
    messageChannels({
      secrets: async () => secretEntries(CHANNELS, server.url, installation),
      hosts: [new URL(server.url).host],
      mail: async () => assert.fail('no mail here'),
      now,
    }).send(anOutgoing(changes), { deadlineMs });
  const linesOf = async (file: string) =>
    (await readFile(join(folder.path, file), 'utf8').catch(() => ''))
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
  const toPager = { channel: 'PagerDuty bridge', target: { via: 'pagerduty' }, dedupKey: 'x/kill-switch' } as const;
  const fault = async (method: string, path: string) => (await fetch(`${server.url}${path}`, { method })).status;

  it('take what the adapter sends over Slack, and keep it as people would see it', async () => {
    assert.equal((await send()).outcome, 'acknowledged');

    const [line] = await linesOf('incidents.jsonl');
    assert.deepEqual(
      [line.at, line.channel, line.via, line.subject],
      ['2026-11-26T10:00:00.000Z', '#incidents', 'slack', 'Kill-switch triggered for btc-momentum due to fat finger'],
    );
    assert.match(line.text, /^Kill-switch triggered [^\n]*\nExpected recovery: not known\nCRITICAL · for Executive/);
  });

  it('take an event of PagerDuty, and keep everything but its key', async () => {
    const came = await send({ ...toPager, page: 'resolve' });

    assert.deepEqual(came, {
      outcome: 'acknowledged',
      detail: 'PagerDuty took the event',
      providerId: 'x/kill-switch',
    });
    const [line] = await linesOf('PagerDuty-bridge.jsonl');
    assert.deepEqual([line.sent.event_action, line.sent.dedup_key], ['resolve', 'x/kill-switch']);
    assert.ok(!JSON.stringify(line).includes('routing_key'));
  });

  it('take whatever somebody may write', async () => {
    for (const nasty of NASTY) {
      assert.equal((await send({ subject: nasty, text: nasty })).outcome, 'acknowledged');
      assert.equal((await send({ ...toPager, subject: nasty, text: nasty })).outcome, 'acknowledged');
    }
  });

  it('let nobody in who does not know the address of a channel', async () => {
    const [path = ''] = sinkAddresses(CHANNELS, installation).webhooks.keys();
    const other = sinkAddresses(CHANNELS, { ...installation, seed: 'another' });
    const statusOf = async (to: string, init: RequestInit = {}) =>
      (await fetch(`${server.url}${to}`, { method: 'POST', body: '{}', ...init })).status;

    assert.equal(await statusOf([...other.webhooks.keys()][0] ?? ''), 404);
    assert.equal(await statusOf('/sinks/slack/%23incidents'), 404);
    assert.equal(await statusOf(path, { headers: { origin: 'http://127.0.0.1' } }), 403);
    assert.equal(await statusOf(path, { method: 'GET', body: null }), 405);
    const stranger = messageChannels({
      secrets: async () => secretEntries(CHANNELS, server.url, { ...installation, seed: 'another' }),
      hosts: [new URL(server.url).host],
      mail: async () => assert.fail('no mail here'),
      now,
    });
    assert.deepEqual(await stranger.send(anOutgoing(toPager), { deadlineMs: 2_000 }), {
      outcome: 'failed',
      detail: 'PagerDuty answered 400: Invalid routing key',
    });
  });

  it('refuse what the providers would refuse', async () => {
    const [path = ''] = sinkAddresses(CHANNELS, installation).webhooks.keys();
    const post = async (body: string) => {
      const reply = await fetch(`${server.url}${path}`, { method: 'POST', body });
      return [reply.status, await reply.text()];
    };
    const button = { type: 'actions', elements: [{ type: 'button', text: 'Approve' }] };

    assert.deepEqual(await post('garbage'), [400, 'invalid_payload']);
    assert.deepEqual(await post(JSON.stringify({ text: 'x', blocks: [button] })), [400, 'invalid_payload']);
    assert.deepEqual(await post(`"${'x'.repeat(600_000)}"`), [400, 'invalid_payload']);
  });

  it('can be away, broken or asking for time, in one channel alone', async () => {
    const before = (await linesOf('incidents.jsonl')).length;
    for (const [name, detail] of [
      ['channel-down', 'Slack answered 503: rollup_error'],
      ['channel-500', 'Slack answered 500: rollup_error'],
      ['channel-429', 'Slack answered 429: rollup_error'],
    ] as const) {
      assert.equal(await fault('POST', `/sinks/faults/${name}?channel=%23incidents`), 200);
      const came = await send();
      assert.deepEqual([came.outcome, came.detail], ['retry', detail]);
      assert.equal('afterMs' in came ? came.afterMs : undefined, name === 'channel-429' ? 1_000 : undefined);
      assert.equal((await send(toPager)).outcome, 'acknowledged');
      assert.equal(await fault('DELETE', `/sinks/faults/${name}?channel=%23incidents`), 200);
    }
    assert.equal((await linesOf('incidents.jsonl')).length, before);
    assert.equal((await send()).outcome, 'acknowledged');
  });

  it('let PagerDuty be away too, and make a key for an event that has none', async () => {
    await fault('POST', '/sinks/faults/channel-429?channel=PagerDuty%20bridge');
    assert.deepEqual(await send(toPager), { outcome: 'retry', detail: 'PagerDuty answered 429', afterMs: 1_000 });
    await fault('DELETE', '/sinks/faults/channel-429');

    const came = await send({ ...toPager, dedupKey: undefined });

    assert.match('providerId' in came ? (came.providerId ?? '') : '', /^[0-9a-f]{32}$/);
  });

  it('can be slow: nothing is taken, and nothing is answered in time', async () => {
    const after = (await linesOf('incidents.jsonl')).length + 1;
    await fault('POST', '/sinks/faults/channel-slow');

    assert.deepEqual(await send({}, 400), { outcome: 'retry', detail: 'Slack: no answer in time' });
    await fault('DELETE', '/sinks/faults/channel-slow');

    assert.equal((await send()).outcome, 'acknowledged');
    assert.equal((await linesOf('incidents.jsonl')).length, after);
  });

  it('can lose the first answer, so that a message arrives twice', async () => {
    const before = (await linesOf('incidents.jsonl')).length;
    await fault('POST', '/sinks/faults/channel-duplicate');

    assert.equal((await send({ text: 'once' })).outcome, 'retry');
    assert.equal((await send({ text: 'once' })).outcome, 'acknowledged');

    assert.equal((await linesOf('incidents.jsonl')).length, before + 2);
  });

  it('say which faults there are, and refuse those of names that nobody knows', async () => {
    await fault('POST', '/sinks/faults/channel-down?channel=%23incidents');
    const { faults: all } = Listed.parse(await (await fetch(`${server.url}/sinks/faults`)).json());

    assert.deepEqual(
      all.map(({ name, active }) => [name, active]),
      [
        ['channel-down', ['#incidents']],
        ...['channel-slow', 'channel-429', 'channel-500', 'channel-duplicate'].map((name) => [name, []]),
      ],
    );
    assert.equal(await fault('POST', '/sinks/faults/channel-on-fire'), 404);
    assert.equal(await fault('POST', '/sinks/faults/channel-down?channel=%23nowhere'), 404);
    assert.equal(await fault('PUT', '/sinks/faults/channel-down'), 405);
  });
});

describe('openOutbox', () => {
  it('begins a new line after one that a crash has cut short', async () => {
    const folder = await temporaryFolder();
    const path = join(folder.path, 'outbox');
    await mkdir(path);
    await appendFile(join(path, 'risk.jsonl'), '{"at":"2026-11');
    const line = { at: 'now', channel: '#risk', via: 'slack', subject: 's', text: 't', sent: {} } as const;

    const outbox = openOutbox(path);
    await Promise.all([outbox.append(line), outbox.append(line)]);

    const text = await readFile(join(path, 'risk.jsonl'), 'utf8');
    assert.deepEqual(text.split('\n'), ['{"at":"2026-11', JSON.stringify(line), JSON.stringify(line), '']);
    await folder.remove();
  });
});
