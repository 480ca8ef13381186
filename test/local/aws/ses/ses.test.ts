import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { CreateContactListCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { sesMail } from '../../../../adapters/aws/ses-mail.ts';
import { mailOf } from '../../../../adapters/channels/email/mail.ts';
import { createSes } from '../../../../local/aws/ses/ses.ts';
import type { OutboxLine } from '../../../../local/sinks/outbox.ts';
import type { Received } from '../../../../local/sinks/receive.ts';
import { anOutgoing, NASTY } from '../../../adapters/channels/outgoing.ts';
import { answering, endless, hangingUp, nobodyAt, silent, standIns } from '../../../adapters/channels/stand-in.ts';
import { clientOptions, type Served, serveLocally } from '../serve-locally.ts';

const FROM = 'tradepulse@example.com';
const NOW = () => new Date('2026-11-26T10:00:00Z');
const mail = (changes = {}) => mailOf(anOutgoing({ channel: 'compliance mail', ...changes }), ['desk@example.com']);

describe('sesMail', () => {
  const standIn = standIns();
  const received: OutboxLine[] = [];
  let verdict: Received = 'taken';
  let served: Served;
  const client = (url: string) => new SESv2Client(clientOptions(url));
  const send = (url = served.url, changes = {}, deadlineMs = 2_000) =>
    sesMail(client(url), FROM, NOW)(mail(changes), AbortSignal.timeout(deadlineMs));

  before(async () => {
    const channels = ['desk mail', 'compliance mail'];
    const receive = async (line: OutboxLine) => {
      received.push(line);
      return verdict;
    };
    served = await serveLocally(createSes({ receive, channels, now: NOW }));
  });
  beforeEach(() => {
    received.length = 0;
    verdict = 'taken';
  });
  after(() => served.close());

  it('hands a mail to SES, and keeps the id that it gets', async () => {
    const came = await send();

    assert.equal(came.outcome, 'acknowledged');
    assert.match('providerId' in came ? (came.providerId ?? '') : '', /^[0-9a-f-]{36}$/);
    const [line] = received;
    assert.deepEqual(
      [line?.channel, line?.subject, line?.sent],
      [
        'compliance mail',
        'Kill-switch triggered for btc-momentum due to fat finger',
        { from: FROM, to: ['desk@example.com'], headers: [{ Name: 'Auto-Submitted', Value: 'auto-generated' }] },
      ],
    );
  });

  it('makes no header of what somebody wrote', async () => {
    for (const nasty of NASTY) {
      assert.equal((await send(served.url, { subject: nasty, text: nasty })).outcome, 'acknowledged');
      assert.doesNotMatch(received.at(-1)?.subject ?? '', /[\r\n]/);
    }
  });

  it('comes again later when SES is not well or asks for it, and counts its own tries no more than once', async () => {
    for (const [status, detail] of [
      [429, 'SES answered 429: TooManyRequestsException'],
      [500, 'SES answered 500: InternalFailure'],
      [503, 'SES answered 503: InternalFailure'],
    ] as const) {
      verdict = status;
      assert.deepEqual(await send(), { outcome: 'retry', detail });
    }
    assert.equal(received.length, 3);
  });

  const refusal = (status: number, name: string, headers = {}) =>
    answering(status, JSON.stringify({ message: 'arn:aws:secret' }), { 'x-amzn-errortype': name, ...headers });

  it('takes a no for a no, repeating its name alone', async () => {
    const cameOf = async (name: string) => send((await standIn(refusal(400, name))).url);

    for (const name of ['MessageRejected', 'MailFromDomainNotVerifiedException', 'SendingPausedException'])
      assert.deepEqual(await cameOf(name), { outcome: 'failed', detail: `SES answered 400: ${name}` });
    assert.equal((await cameOf('LimitExceededException')).outcome, 'retry', 'of a day or a second: it passes');
  });

  it('waits for as long as SES asks for', async () => {
    const { url } = await standIn(refusal(429, 'TooManyRequestsException', { 'retry-after': '9' }));

    assert.deepEqual(await send(url), {
      outcome: 'retry',
      detail: 'SES answered 429: TooManyRequestsException',
      afterMs: 9_000,
    });
  });

  it('comes again later after anything that is no answer', async () => {
    for (const answer of [
      hangingUp,
      answering(200, '<html>'),
      answering(200, '{}'),
      answering(302, '', { location: '/' }),
    ])
      assert.notEqual((await send((await standIn(answer)).url)).outcome, 'acknowledged');
    assert.equal((await send((await standIn(silent)).url, {}, 100)).outcome, 'retry');
    assert.equal((await send((await standIn(endless)).url, {}, 200)).outcome, 'retry');
    assert.equal((await send(await nobodyAt())).outcome, 'retry');
  });

  it('says what to do while no address may be sent from', async () => {
    const came = await sesMail(client(served.url), '', NOW)(mail(), AbortSignal.timeout(500));

    assert.deepEqual(came, {
      outcome: 'failed',
      detail: 'mail: MailFrom is not set, so nothing can be sent (docs/deploy.md, Channels)',
    });
  });

  it('is refused by the local SES when SES would refuse it, and finds nothing else there', async () => {
    const unsafe = { ...mail(), subject: 'one\r\nBcc: x@example.com' };

    assert.deepEqual(await sesMail(client(served.url), FROM, NOW)(unsafe, AbortSignal.timeout(2_000)), {
      outcome: 'failed',
      detail: 'SES answered 400: BadRequestException',
    });
    await assert.rejects(client(served.url).send(new CreateContactListCommand({ ContactListName: 'x' })), {
      name: 'NotFoundException',
    });
  });
});
