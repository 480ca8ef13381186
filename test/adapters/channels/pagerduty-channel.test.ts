import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pagerdutyEvent } from '../../../adapters/channels/pagerduty/pagerduty-event.ts';
import { StrategyId } from '../../../domain/ids.ts';
import { PagerdutyPayload } from '../../../local/sinks/pagerduty-payload.ts';
import { type HttpChannel, httpChannelContract, sendTo } from './http-channel.contract.ts';
import { anOutgoing, NASTY } from './outgoing.ts';
import { answering, standIns } from './stand-in.ts';

const KEY = '0123456789abcdefsecret9876543210';
const strategyId = StrategyId.parse('btc-momentum');
const outgoing = { target: { via: 'pagerduty' }, dedupKey: 'btc-momentum/kill-switch', strategyId } as const;

const pagerduty: HttpChannel = {
  provider: 'PagerDuty',
  outgoing,
  secretAt: (url) => ({ routingKey: KEY, url: `${url}/v2/enqueue` }),
  ok: answering(
    202,
    JSON.stringify({ status: 'success', message: 'Event processed', dedup_key: 'btc-momentum/kill-switch' }),
  ),
  providerId: 'btc-momentum/kill-switch',
  check: ({ method, path, headers, body }) => {
    assert.deepEqual([method, path], ['POST', '/v2/enqueue']);
    assert.match(headers['content-type'] ?? '', /^application\/json/);
    const event = PagerdutyPayload.parse(JSON.parse(body));
    assert.deepEqual(
      [event.event_action, event.routing_key, event.dedup_key, event.payload?.severity, event.payload?.component],
      ['trigger', KEY, 'btc-momentum/kill-switch', 'critical', 'btc-momentum'],
    );
  },
};

httpChannelContract(pagerduty);

describe('pagerdutyChannel', () => {
  const standIn = standIns();

  it('acknowledges and resolves the alert of the same key', async () => {
    const { url, asked } = await standIn(pagerduty.ok);
    const send = sendTo(pagerduty, url);

    for (const page of ['acknowledge', 'resolve'] as const)
      assert.equal((await send({ page })).outcome, 'acknowledged');

    const events = asked.map(({ body }) => PagerdutyPayload.parse(JSON.parse(body)));
    assert.deepEqual(
      events.map(({ event_action, dedup_key }) => [event_action, dedup_key]),
      [
        ['acknowledge', 'btc-momentum/kill-switch'],
        ['resolve', 'btc-momentum/kill-switch'],
      ],
    );
  });

  it('asks nobody to resolve an alert that it cannot name', async () => {
    const { url, asked } = await standIn(pagerduty.ok);

    const came = await sendTo(pagerduty, url)({ page: 'resolve', dedupKey: undefined });

    assert.deepEqual(came, {
      outcome: 'failed',
      detail: 'there is no alert to resolve: the message has no dedup key',
    });
    assert.deepEqual(asked, []);
  });

  it('pages nobody for a drill', async () => {
    const { url, asked } = await standIn(pagerduty.ok);

    assert.deepEqual(await sendTo(pagerduty, url)({ drill: true }), {
      outcome: 'failed',
      detail: 'a drill pages nobody',
    });
    assert.deepEqual(asked, []);
  });

  it('says what PagerDuty finds wrong with an event, unless that repeats the key', async () => {
    const detailOf = async (errors: string[]) => {
      const body = JSON.stringify({ status: 'invalid event', message: 'Event object is invalid', errors });
      return (await sendTo(pagerduty, (await standIn(answering(400, body))).url)()).detail;
    };

    assert.equal(
      await detailOf(["Length of 'routing_key' is incorrect (should be 32 characters)"]),
      "PagerDuty answered 400: Length of 'routing_key' is incorrect (should be 32 characters)",
    );
    assert.equal(await detailOf([`Invalid routing key ${KEY}`]), 'PagerDuty answered 400');
    assert.equal(await detailOf([]), 'PagerDuty answered 400');
  });

  it('takes nothing but 202 for a yes', async () => {
    const { url } = await standIn(answering(200, JSON.stringify({ status: 'success', dedup_key: 'x' })));

    assert.equal((await sendTo(pagerduty, url)()).outcome, 'retry');
  });
});

describe('pagerdutyEvent', () => {
  it('keeps the limits of the Events API, and one line in the summary', () => {
    for (const nasty of [...NASTY, 'z'.repeat(50_000), '']) {
      const event = PagerdutyPayload.parse(
        pagerdutyEvent(
          anOutgoing({ ...outgoing, subject: nasty, text: nasty, dedupKey: `k${nasty.repeat(300)}` }),
          KEY,
        ),
      );

      assert.doesNotMatch(event.payload?.summary ?? '', /[\r\n]|[\u202a-\u202e]/u);
    }
  });
});
