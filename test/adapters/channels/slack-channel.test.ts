import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { slackMessage } from '../../../adapters/channels/slack/slack-message.ts';
import { escapeSlack } from '../../../domain/communications/escape-slack.ts';
import { SlackPayload, shownBy } from '../../../local/sinks/slack-payload.ts';
import { type HttpChannel, httpChannelContract, sendTo } from './http-channel.contract.ts';
import { anOutgoing, NASTY } from './outgoing.ts';
import { type Asked, answering, standIns } from './stand-in.ts';

const HOOK = '/services/T0001/B0001/secretsecret';
const TOKEN = 'xoxb-secret-token';

const webhook: HttpChannel = {
  provider: 'Slack',
  outgoing: {},
  secretAt: (url) => ({ webhook: `${url}${HOOK}` }),
  ok: answering(200, 'ok'),
  check: ({ method, path, headers, body }) => {
    assert.deepEqual([method, path], ['POST', HOOK]);
    assert.match(headers['content-type'] ?? '', /^application\/json/);
    SlackPayload.parse(JSON.parse(body));
  },
};

/** The arguments of `chat.postMessage`, as its form carries them. */
const posted = ({ body }: Asked) => {
  const { channel, parse, text, blocks, ...flags } = Object.fromEntries(new URLSearchParams(body));
  const message = { text, blocks: JSON.parse(blocks ?? ''), ...mapped(flags) };
  return { channel, parse, message: SlackPayload.parse(message) };
};
const mapped = (flags: Record<string, string>) =>
  Object.fromEntries(Object.entries(flags).map(([key, value]) => [key, value === 'true']));

const bot: HttpChannel = {
  provider: 'Slack',
  outgoing: {},
  secretAt: (url) => ({ botToken: TOKEN, conversation: 'C0001', api: `${url}/api/` }),
  ok: answering(200, JSON.stringify({ ok: true, channel: 'C0001', ts: '1503435956.000247' })),
  providerId: 'C0001/1503435956.000247',
  check: (asked) => {
    assert.deepEqual([asked.method, asked.path], ['POST', '/api/chat.postMessage']);
    assert.equal(asked.headers.authorization, `Bearer ${TOKEN}`);
    const { channel, parse } = posted(asked);
    assert.deepEqual([channel, parse], ['C0001', 'none']);
  },
};

describe('by incoming webhook', () => httpChannelContract(webhook));
describe('by the token of a bot', () => httpChannelContract(bot));

describe('slackChannel', () => {
  const standIn = standIns();

  it('says in the words of Slack why a webhook is of no use any more, and repeats nothing else', async () => {
    const detailOf = async (status: number, body: string) =>
      (await sendTo(webhook, (await standIn(answering(status, body))).url)()).detail;

    assert.equal(await detailOf(404, 'no_service'), 'Slack answered 404: no_service');
    assert.equal(await detailOf(403, `invalid token ${TOKEN}`), 'Slack answered 403');
  });

  it('knows which errors of a 200 pass by themselves', async () => {
    const outcomeOf = async (error: string) => {
      const { url } = await standIn(answering(200, JSON.stringify({ ok: false, error })));
      return sendTo(bot, url)();
    };

    for (const error of ['ratelimited', 'internal_error', 'fatal_error', 'service_unavailable', 'request_timeout'])
      assert.deepEqual(await outcomeOf(error), { outcome: 'retry', detail: `Slack answered ${error}` });
    for (const error of ['channel_not_found', 'not_in_channel', 'invalid_auth', 'is_archived'])
      assert.deepEqual(await outcomeOf(error), { outcome: 'failed', detail: `Slack answered ${error}` });
    assert.equal((await outcomeOf(`Sorry: ${TOKEN}`)).detail, 'Slack answered 200, but not as its documentation says');
  });
});

describe('slackMessage', () => {
  const payloadOf = (text: string, subject = text) => SlackPayload.parse(slackMessage(anOutgoing({ subject, text })));

  it('is a header, the text, and how urgent it is, for whom and when', () => {
    const message = SlackPayload.parse(slackMessage(anOutgoing({ strategyId: undefined })));

    assert.deepEqual(
      message.blocks.map(({ type }) => type),
      ['header', 'section', 'context'],
    );
    assert.deepEqual(shownBy(message), [
      'Kill-switch triggered for btc-momentum due to fat finger',
      'Expected recovery: not known',
      'CRITICAL · for Executive, Compliance · 2026-11-26 09:35:01 UTC',
    ]);
  });

  it('says a subject once, and whole: in the text when the header cuts it', () => {
    const shown = (subject: string, text = subject) => shownBy(payloadOf(text, subject)).slice(0, -1);
    const long = 'x'.repeat(151);

    assert.deepEqual(shown('a & b', 'a &amp; b'), ['a & b']);
    assert.deepEqual(shown('a &amp; b', 'c'), ['a &amp; b', 'c'], 'a subject is no markup');
    assert.deepEqual(shown('a', 'a\nb'), ['a', 'b']);
    assert.deepEqual(shown('a', 'ab'), ['a', 'ab']);
    assert.deepEqual(shown(long), [`${'x'.repeat(149)}…`, long]);
  });

  it('lets an address that the domain gave be a link, and nothing else', () => {
    const text = `Bridge: <https://meet.example/desk?a=1&amp;b=2> ${escapeSlack('<https://evil.example|approve>')}`;

    assert.deepEqual(activeIn(payloadOf(text, 'Bridge')), ['<https://meet.example/desk?a=1&amp;b=2>']);
  });

  it('shows what somebody wrote as it was written, and makes nothing of it', () => {
    for (const nasty of NASTY) {
      const clean = nasty.toWellFormed().replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');
      const message = payloadOf(escapeSlack(clean), 'A reason');

      assert.deepEqual(activeIn(message), []);
      assert.equal(shownBy(message)[1]?.replaceAll(/\s+/g, ' '), clean.replaceAll(/\s+/g, ' ').trim());
    }
  });

  it('calls nobody even when a text comes unescaped', () => {
    for (const nasty of NASTY) assert.deepEqual(activeIn(payloadOf(nasty.replaceAll('https:', ''))), []);
  });

  it('keeps the limits of Block Kit for every subject and text', () => {
    const any = fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.constantFrom(...NASTY));
    const long = fc
      .tuple(any, fc.integer({ min: 0, max: 2_000 }))
      .map(([text, times]) => text.repeat(times).slice(0, 200_000));

    fc.assert(
      fc.property(any, fc.oneof(any, long), (subject, text) => void payloadOf(text, subject)),
      { seed: 6, numRuns: 200 },
    );
  });

  it('says by an ellipsis that something is left out', () => {
    const [header, ...rest] = shownBy(payloadOf('x'.repeat(200_000), 'y'.repeat(200)));

    assert.match(header ?? '', /^y{149}…$/);
    assert.match(rest.at(-2) ?? '', /x…$/);
  });
});

/** Everything in a message that Slack would make more of than text: mentions, channels, commands, links. */
const activeIn = ({ text, blocks }: SlackPayload): string[] =>
  [
    text,
    ...blocks.flatMap((block) => (block.type === 'context' ? block.elements : [block.text])).map((each) => each.text),
  ].flatMap((each) => each.match(/<[^>]*>/g) ?? []);
