import { type SESv2Client, SESv2ServiceException, SendEmailCommand } from '@aws-sdk/client-sesv2';
import type { Sent } from '../../domain/ports/message-channels.ts';
import type { Mail, MailTransport } from '../channels/email/mail.ts';
import { judgeExchange } from '../channels/judge-exchange.ts';
import { retryAfterMs } from '../channels/retry-after.ts';

/** `TooManyRequestsException` and `LimitExceededException` come with 429 and 400: both mean "not now". */
const LATER = ['TooManyRequestsException', 'LimitExceededException'];

/** Mail over Amazon SES from the one address that this deployment may send from; empty: none is, which each mail then says. */
export function sesMail(client: SESv2Client, from: string, now: () => Date): MailTransport {
  return async (mail, signal) => {
    if (from === '') {
      const detail = 'mail: MailFrom is not set, so nothing can be sent (docs/deploy.md, Channels)';
      return { outcome: 'failed', detail };
    }
    try {
      const { MessageId } = await client.send(new SendEmailCommand(emailOf(mail, from)), { abortSignal: signal });
      if (!MessageId) return { outcome: 'retry', detail: 'SES answered without the id of a message' };
      return { outcome: 'acknowledged', detail: 'SES took the mail', providerId: MessageId.slice(0, 200) };
    } catch (error) {
      return judge(error, now());
    }
  };
}

const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' });

const emailOf = ({ to, subject, text, headers, tag }: Mail, from: string) => ({
  FromEmailAddress: from,
  Destination: { ToAddresses: [...to] },
  Content: {
    Simple: {
      Subject: utf8(subject),
      Body: { Text: utf8(text) },
      Headers: Object.entries(headers).map(([Name, Value]) => ({ Name, Value })),
    },
  },
  EmailTags: [{ Name: 'channel', Value: tag }],
});

function judge(error: unknown, now: Date): Sent {
  if (!(error instanceof SESv2ServiceException))
    return { outcome: 'retry', detail: `SES: no answer (${nameOf(error)})` };
  const { name, $metadata, $response } = error;
  const answer = {
    status: LATER.includes(name) ? 429 : ($metadata.httpStatusCode ?? 500),
    text: '',
    retryAfterMs: retryAfterMs($response?.headers['retry-after'] ?? null, now),
  };
  const taken = (): Sent => ({ outcome: 'retry', detail: `SES: ${nameOf(error)}` }); // a yes that the client could not read
  return judgeExchange(answer, { name: 'SES', reasonIn: () => name.slice(0, 80), taken });
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'Error').slice(0, 80);
