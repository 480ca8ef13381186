import Mailer from 'nodemailer/lib/mailer';
import SmtpTransport from 'nodemailer/lib/smtp-transport';
import * as z from 'zod';
import type { Sent } from '../../../domain/ports/message-channels.ts';
import type { SmtpServer } from '../channel-secrets.ts';
import { isLoopback, refusedServer } from '../refused-target.ts';
import { judgeSmtpFailure } from './judge-reply.ts';
import type { Mail, MailTransport } from './mail.ts';

/** Of a port where TLS comes before anything else. */
const TLS_FROM_THE_START = 465;

const Failure = z.object({ responseCode: z.number().optional().catch(undefined), code: z.string().optional() });

/**
 * Mail over a site's own server (nodemailer), encrypted always but on this machine. The parts of the library that read files or
 * addresses into a mail are off, and the server has to stand on the list of hosts.
 */
export function smtpMail({ host, port, user, password, from }: SmtpServer, hosts: readonly string[]): MailTransport {
  const open = () =>
    new Mailer(
      new SmtpTransport({
        host,
        port,
        secure: port === TLS_FROM_THE_START,
        requireTLS: !isLoopback(host),
        ...(user !== undefined && { auth: { user, pass: password } }),
        tls: { minVersion: 'TLSv1.2' },
      }),
    );
  return async (mail, signal) => {
    const refused = refusedServer(host, port, hosts);
    if (refused !== undefined) return { outcome: 'failed', detail: `mail: ${refused}` };
    if (signal.aborted) return judgeSmtpFailure({ code: 'ETIMEDOUT' });
    const mailer = open();
    try {
      const { messageId, rejected = [] } = await mailer.sendMail({
        ...messageOf(mail, from),
        disableFileAccess: true,
        disableUrlAccess: true,
        signal,
      });
      return accepted(messageId, mail.to.length, rejected.length);
    } catch (error) {
      return judgeSmtpFailure(Failure.catch({}).parse(error));
    } finally {
      mailer.close();
    }
  };
}

const messageOf = ({ to, subject, text, headers }: Mail, from: string) => ({
  from: { name: 'TradePulse', address: from },
  to: to.map((address) => ({ name: '', address })),
  subject,
  text,
  headers,
});

/** Taken for some of the addresses is taken: the others stand in the detail. */
const accepted = (messageId: string, all: number, rejected: number): Sent => ({
  outcome: 'acknowledged',
  detail:
    rejected === 0
      ? 'the mail server took it'
      : `the mail server took it for ${all - rejected} of ${all} addresses only`,
  providerId: messageId.slice(0, 200),
});
