import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { OutboxLine } from '../../sinks/outbox.ts';
import type { Receive } from '../../sinks/receive.ts';
import { AwsError } from '../aws-error.ts';
import type { FetchHandler } from '../fetch-handler.ts';
import { jsonError } from '../json-error.ts';
import { SendEmail } from './send-email.ts';

export type SesOptions = {
  readonly receive: Receive;
  /** The names of the mail channels: a mail belongs to the one that its tag `channel` spells. */
  readonly channels: readonly string[];
  readonly now: () => Date;
};

/** SES v2 as far as sending one mail in plain text goes: it ends in the outbox, and no mail leaves this machine. */
export function createSes({ receive, channels, now }: SesOptions): FetchHandler {
  return async (request) => {
    try {
      const { pathname } = new URL(request.url);
      if (request.method !== 'POST' || pathname !== '/v2/email/outbound-emails')
        throw new AwsError('NotFoundException', `${request.method} ${pathname} is not served; there is SendEmail`, 404);
      const mail = parse(await request.text());
      const received = await receive(lineOf(mail, channels, now()));
      if (received !== 'taken') throw problemOf(received);
      return Response.json({ MessageId: randomUUID() });
    } catch (error) {
      if (error instanceof AwsError) return jsonError(error);
      throw error;
    }
  };
}

function parse(text: string): SendEmail {
  const parsed = SendEmail.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  throw new AwsError('BadRequestException', z.prettifyError(parsed.error));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the schema says what is wrong
  }
}

const problemOf = (status: 429 | 500 | 503) =>
  status === 429
    ? new AwsError('TooManyRequestsException', 'come back later', status)
    : new AwsError('InternalFailure', 'SES is not well', status);

function lineOf(mail: SendEmail, channels: readonly string[], now: Date): OutboxLine {
  const { FromEmailAddress: from, Destination, Content, EmailTags = [] } = mail;
  const tag = EmailTags.find(({ Name }) => Name === 'channel')?.Value;
  const { Subject, Body, Headers = [] } = Content.Simple;
  return {
    at: now.toISOString(),
    channel: channels.find((each) => tagged(each) === tag) ?? tag ?? 'mail',
    via: 'email',
    subject: Subject.Data,
    text: Body.Text.Data,
    sent: { from, to: Destination.ToAddresses, headers: Headers },
  };
}

/** A channel's name in the characters that a tag may have. */
const tagged = (channel: string): string => channel.replaceAll(/[^A-Za-z0-9_-]+/g, '-').slice(0, 100);
