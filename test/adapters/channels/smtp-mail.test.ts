import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mailOf } from '../../../adapters/channels/email/mail.ts';
import { smtpMail } from '../../../adapters/channels/email/smtp-mail.ts';
import { anOutgoing, NASTY } from './outgoing.ts';
import { nobodyAt } from './stand-in.ts';
import { type SmtpReplies, smtpStandIns } from './stand-in-smtp.ts';

const FROM = 'tradepulse@example.com';
const TO = ['desk@example.com', 'risk@example.com'];
const inTime = () => AbortSignal.timeout(3_000);

describe('smtpMail', () => {
  const standIn = smtpStandIns();
  const send = async (replies: SmtpReplies = {}, { subject = 'Halted', login = false, signal = inTime() } = {}) => {
    const { port, hosts, received } = await standIn(replies);
    const server = { host: '127.0.0.1', port, from: FROM, ...(login && { user: 'tp', password: 'hunter2' }) };
    const came = await smtpMail(server, hosts)(mailOf(anOutgoing({ subject, text: subject }), TO), signal);
    assert.doesNotMatch(came.detail, /hunter2|127\.0\.0\.1|secret/);
    return { came, ...received };
  };

  it('hands one mail to all addresses, and logs in where it has to', async () => {
    const { came, commands, mail } = await send({}, { login: true });

    assert.equal(came.outcome, 'acknowledged');
    assert.match('providerId' in came ? (came.providerId ?? '') : '', /^<.+@.+>$/);
    assert.deepEqual(
      commands.filter((each) => /^(MAIL|RCPT|AUTH)/.test(each)).map((each) => each.split(' ').slice(0, 2).join(' ')),
      ['AUTH PLAIN', 'MAIL FROM:<tradepulse@example.com>', ...TO.map((each) => `RCPT TO:<${each}>`)],
    );
    assert.match(mail, /^From: TradePulse <tradepulse@example\.com>$/m);
    assert.match(mail, /^Auto-Submitted: auto-generated$/m);
    assert.match(mail, /^Content-Type: text\/plain; charset=utf-8$/m);
  });

  it('makes no header, no address and no second mail of what somebody wrote', async () => {
    for (const nasty of [...NASTY, 'a\r\n.\r\nMAIL FROM:<evil@example.com>\r\n', '"x" <evil@example.com>, ']) {
      const { came, commands, mail } = await send({}, { subject: nasty });
      const [headers = ''] = mail.split('\n\n');

      assert.equal(came.outcome, 'acknowledged');
      assert.equal(commands.filter((each) => /^(MAIL|RCPT)/.test(each)).length, 3);
      assert.doesNotMatch(headers, /^bcc:/im);
      assert.equal(headers.match(/^subject:/gim)?.length, 1);
    }
  });

  const refusals: readonly [string, SmtpReplies, 'retry' | 'failed', RegExp][] = [
    ['a server that is busy', { to: { MAIL: '421 try again' } }, 'retry', /421/],
    ['a mailbox that is full for now', { to: { BODY: '452 later' } }, 'retry', /452/],
    ['a sender who may not', { to: { MAIL: '550 secret policy' } }, 'failed', /550/],
    ['a mail that is refused', { to: { BODY: '554 spam' } }, 'failed', /554/],
    ['a greeting that is none', { greeting: '<html>' }, 'retry', /no answer \(EPROTOCOL\)/],
    ['a greeting that sends us away', { greeting: '554 go away' }, 'failed', /554/],
  ];
  for (const [name, replies, outcome, why] of refusals) {
    it(`${outcome === 'retry' ? 'comes again later' : 'gives up'} after ${name}, repeating its code alone`, async () => {
      const { came } = await send(replies);

      assert.equal(came.outcome, outcome);
      assert.match(came.detail, why);
    });
  }

  it('gives up when the password is wrong', async () => {
    const { came } = await send({ to: { AUTH: '535 no' } }, { login: true });

    assert.equal(came.outcome, 'failed');
  });

  it('counts a mail as taken that some of the addresses get, and says so; for none of them is no', async () => {
    const some = await send({ to: { 'RCPT TO:<risk@example.com>': '550 unknown' } });
    const none = await send({ to: { RCPT: '550 unknown' } });

    assert.deepEqual(
      [some.came.outcome, some.came.detail],
      ['acknowledged', 'the mail server took it for 1 of 2 addresses only'],
    );
    assert.equal(none.came.outcome, 'failed');
  });

  it('sends no word of a mail to another machine in the clear', async () => {
    const { port, received } = await standIn({ to: { STARTTLS: '502 no such command' } });
    const server = { host: '0.0.0.0', port, from: FROM, user: 'tp', password: 'hunter2' };

    const came = await smtpMail(server, [`0.0.0.0:${port}`])(mailOf(anOutgoing(), TO), inTime());

    assert.deepEqual(came, { outcome: 'failed', detail: 'the mail server said no: 502 ETLS' });
    assert.ok(!received.commands.some((each) => /^(AUTH|MAIL)/.test(each)));
  });

  it('is given up at its deadline by a server that says nothing', async () => {
    const began = performance.now();

    const { came } = await send({ greeting: '' }, { signal: AbortSignal.timeout(120) });

    assert.equal(came.outcome, 'retry');
    assert.ok(performance.now() - began < 5_000, 'and not when the library would have lost its patience');
  });

  it('does not even connect when time is up', async () => {
    const { came, commands } = await send({}, { signal: AbortSignal.abort() });

    assert.deepEqual([came.outcome, commands], ['retry', []]);
  });

  it('comes again later when nobody listens', async () => {
    const { port } = new URL(await nobodyAt());
    const server = { host: '127.0.0.1', port: Number(port), from: FROM };

    const came = await smtpMail(server, [`127.0.0.1:${port}`])(mailOf(anOutgoing(), TO), inTime());

    assert.deepEqual(came, { outcome: 'retry', detail: 'the mail server gave no answer (ESOCKET)' });
  });

  it('connects to no server that is not listed', async () => {
    const { port, received } = await standIn();

    const came = await smtpMail({ host: '127.0.0.1', port, from: FROM }, ['127.0.0.1'])(
      mailOf(anOutgoing(), TO),
      inTime(),
    );

    assert.equal(came.outcome, 'failed');
    assert.deepEqual(received.commands, []);
  });
});
