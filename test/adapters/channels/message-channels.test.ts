import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Mail } from '../../../adapters/channels/email/mail.ts';
import { messageChannels } from '../../../adapters/channels/message-channels.ts';
import { anOutgoing } from './outgoing.ts';
import { answering, standIns } from './stand-in.ts';

const mailed: Mail[] = [];
const over = (secrets: () => Promise<Record<string, unknown>>, hosts: readonly string[] = []) =>
  messageChannels({
    secrets,
    hosts,
    mail: async (mail) => {
      mailed.push(mail);
      return { outcome: 'acknowledged', detail: 'SES took the mail' };
    },
    now: () => new Date('2026-11-26T10:00:00Z'),
  });
const send = (secrets: Record<string, unknown>, changes = {}) =>
  over(async () => secrets).send(anOutgoing(changes), { deadlineMs: 500 });

describe('messageChannels', () => {
  const standIn = standIns();

  it('says what to do about a channel that nobody has configured', async () => {
    for (const via of ['slack', 'pagerduty'] as const)
      assert.deepEqual(await send({}, { target: { via } }), {
        outcome: 'failed',
        detail: '#incidents has no entry in the secret of the channels: put one there (docs/deploy.md, Channels)',
      });
  });

  const wrong: readonly [string, object, unknown][] = [
    ['a webhook that is a number', { via: 'slack' }, { webhook: 7 }],
    ['a bot without a conversation', { via: 'slack' }, { botToken: 'xoxb-secret' }],
    [
      'both a webhook and a bot',
      { via: 'slack' },
      { webhook: 'https://x', botToken: 'xoxb-secret', conversation: 'C' },
    ],
    ['a routing key that is too short', { via: 'pagerduty' }, { routingKey: 'secret' }],
    ['the entry of another kind', { via: 'pagerduty' }, { webhook: 'https://hooks.slack.com/secret' }],
    ['a mail server without a sender', { via: 'email', to: ['a@example.com'] }, { smtp: { host: 'h', port: 25 } }],
    ['words', { via: 'email', to: ['a@example.com'] }, 'secret'],
  ];
  for (const [name, target, entry] of wrong) {
    it(`says that ${name} is no entry of a channel, without repeating it`, async () => {
      const came = await send({ '#incidents': entry }, { target });

      assert.equal(came.outcome, 'failed');
      assert.match(came.detail, /^the entry of #incidents in the secret .* docs\/deploy\.md \(Channels\) says$/);
    });
  }

  it('goes on with the other channels when one entry is wrong', async () => {
    const { url, host } = await standIn(answering(200, 'ok'));
    const channels = over(async () => ({ '#risk': 'nonsense', '#incidents': { webhook: `${url}/x` } }), [host]);

    assert.equal((await channels.send(anOutgoing(), { deadlineMs: 2_000 })).outcome, 'acknowledged');
  });

  it('comes again later when the secret cannot be read, and names the error but not its words', async () => {
    const unread = async () => Promise.reject(Object.assign(new Error('arn:secret'), { name: 'ThrottlingException' }));

    assert.deepEqual(await over(unread).send(anOutgoing(), { deadlineMs: 500 }), {
      outcome: 'retry',
      detail: 'the secret of the channels could not be read (ThrottlingException)',
    });
  });

  it('mails over SES where a channel has no server of its own', async () => {
    const target = { via: 'email', to: ['desk@example.com', 'risk@example.com'] } as const;

    const came = await send({}, { channel: 'compliance mail', target, subject: 'One\r\nBcc: x@example.com' });

    assert.equal(came.outcome, 'acknowledged');
    const [mail] = mailed;
    assert.deepEqual(
      [mail?.to, mail?.subject, mail?.tag],
      [['desk@example.com', 'risk@example.com'], 'One Bcc: x@example.com', 'compliance-mail'],
    );
    assert.match(mail?.text ?? '', /\n-- \ncritical · for Executive, Compliance · 2026-11-26T09:35:01\.234Z\n$/);
  });
});
