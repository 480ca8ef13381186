import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { messageChannels } from '../../../adapters/channels/message-channels.ts';
import type { Outgoing, Sent } from '../../../domain/ports/message-channels.ts';
import { anOutgoing } from './outgoing.ts';
import {
  type Answering,
  type Asked,
  answering,
  endless,
  hangingUp,
  nobodyAt,
  silent,
  standIns,
  trickling,
} from './stand-in.ts';

export type HttpChannel = {
  /** As it begins sentences. */
  readonly provider: string;
  readonly outgoing: Partial<Outgoing>;
  /** What the secret says of a channel whose provider answers at that address. */
  readonly secretAt: (url: string) => Record<string, unknown>;
  /** How the provider says yes. */
  readonly ok: Answering;
  readonly providerId?: string;
  /** Throws when a request is not what the provider's documentation asks for. */
  readonly check: (asked: Asked) => unknown;
};

const NOW = new Date('2026-11-26T10:00:00Z');

/** A message over one provider that stands at that address; `hosts` is what may be sent to. */
export function sendTo(channel: HttpChannel, url: string, { hosts = [new URL(url).host], deadlineMs = 2_000 } = {}) {
  const channels = messageChannels({
    secrets: async () => ({ '#incidents': channel.secretAt(url) }),
    hosts,
    mail: async () => assert.fail('no mail is sent here'),
    now: () => NOW,
  });
  return (changes: Partial<Outgoing> = {}): Promise<Sent> =>
    channels.send(anOutgoing({ ...channel.outgoing, ...changes }), { deadlineMs });
}

/** What every channel over HTTP makes of what a provider may do, against a stand-in on a real socket. */
export function httpChannelContract(channel: HttpChannel) {
  const { provider } = channel;
  describe(`a channel over ${provider}`, () => {
    const standIn = standIns();
    const sent = async (answer: Answering, deadlineMs?: number) => {
      const { url, asked } = await standIn(answer);
      const came = await sendTo(channel, url, deadlineMs === undefined ? {} : { deadlineMs })();
      assert.doesNotMatch(came.detail, /127\.0\.0\.1|http:|secret/i, 'neither an address nor a secret');
      return { came, asked };
    };

    it('is acknowledged when the provider says so, by one request as its documentation asks for', async () => {
      const { came, asked } = await sent(channel.ok);

      assert.deepEqual([came.outcome, asked.length], ['acknowledged', 1]);
      assert.equal('providerId' in came ? came.providerId : undefined, channel.providerId);
      const [only] = asked;
      channel.check(only ?? assert.fail());
    });

    it('sends a repeated message with the very same bytes', async () => {
      const { url, asked } = await standIn(channel.ok);
      const send = sendTo(channel, url);

      await send();
      await send();

      const [first, second] = asked;
      assert.equal(asked.length, 2);
      assert.equal(first?.body, second?.body);
    });

    const later: readonly [string, Answering, RegExp][] = [
      ['a provider that is broken', answering(500, 'rollup_error'), /answered 500/],
      ['one that is away', answering(503), /answered 503/],
      ['one that has lost its patience', answering(408), /answered 408/],
      ['one that hangs up', hangingUp, /no connection \((UND_ERR_SOCKET|ECONNRESET)\)/],
      ['a page of somebody else that says 200', answering(200, '<html>Log in to the wifi</html>'), /but not as its/],
      ['a 200 that says nothing', answering(200), /but not as its/],
      ['an answer that never ends, of which 16 KiB are read', endless, /but not as its/],
    ];
    for (const [name, answer, why] of later) {
      it(`comes again later after ${name}`, async () => {
        const { came, asked } = await sent(answer);

        assert.equal(came.outcome, 'retry');
        assert.match(came.detail, why);
        assert.equal(asked.length, 1, 'whether to try again is not for a library to say');
      });
    }

    it('comes again later when nobody listens', async () => {
      const came = await sendTo(channel, await nobodyAt())();

      assert.deepEqual(came, { outcome: 'retry', detail: `${provider}: no connection (ECONNREFUSED)` });
    });

    for (const [name, answer] of [
      ['says nothing', silent],
      ['drips its answer', trickling],
    ] as const) {
      it(`is given up at its deadline when the provider ${name}`, async () => {
        const began = performance.now();

        const { came } = await sent(answer, 150);

        assert.deepEqual(came, { outcome: 'retry', detail: `${provider}: no answer in time` });
        assert.ok(performance.now() - began < 1_500);
      });
    }

    it('leaves a provider alone for as long as it asks for, 15 minutes at most', async () => {
      const after = async (header: Record<string, string>) => {
        const { came } = await sent(answering(429, '', header));
        assert.match(came.detail, /answered 429/);
        return came.outcome === 'retry' ? came.afterMs : assert.fail(came.outcome);
      };

      assert.equal(await after({ 'retry-after': '7' }), 7_000);
      assert.equal(await after({ 'retry-after': '99999' }), 900_000);
      assert.equal(await after({ 'retry-after': 'Thu, 26 Nov 2026 10:00:30 GMT' }), 30_000);
      assert.equal(await after({ 'retry-after': 'Thu, 26 Nov 2026 09:59:00 GMT' }), 0);
      assert.equal(await after({ 'retry-after': 'soon' }), undefined);
      assert.equal(await after({}), undefined);
    });

    it('takes a no for a no', async () => {
      for (const status of [400, 401, 403, 404, 410, 413])
        assert.equal((await sent(answering(status, 'no_service'))).came.outcome, 'failed', `${status}`);
    });

    it('follows no redirect, wherever it leads', async () => {
      const elsewhere = await standIn(channel.ok);

      for (const status of [301, 302, 303, 307, 308]) {
        const { came } = await sent(answering(status, '', { location: `${elsewhere.url}/v2/enqueue` }));
        assert.equal(came.outcome, 'failed', `${status}`);
        assert.match(came.detail, /redirects are not followed/);
      }
      assert.deepEqual(elsewhere.asked, []);
    });

    it('sends nothing to a host that is not listed, and names the list', async () => {
      const { url, asked } = await standIn(channel.ok);

      const came = await sendTo(channel, url, { hosts: ['hooks.slack.com', 'events.pagerduty.com'] })();

      assert.equal(came.outcome, 'failed');
      assert.match(came.detail, /is not one of MessageHosts/);
      assert.deepEqual(asked, []);
    });
  });
}
