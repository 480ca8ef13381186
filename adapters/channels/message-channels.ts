import type * as z from 'zod';
import type { MessageChannels, Outgoing, Sent } from '../../domain/ports/message-channels.ts';
import { PagerdutySecret, type ReadChannelSecrets, SlackSecret, SmtpSecret } from './channel-secrets.ts';
import type { MailTransport } from './email/mail.ts';
import { mailOf } from './email/mail.ts';
import { smtpMail } from './email/smtp-mail.ts';
import { pagerdutyChannel } from './pagerduty/pagerduty-channel.ts';
import type { FetchRules } from './recording-fetch.ts';
import { slackChannel } from './slack/slack-channel.ts';

export type ChannelSettings = {
  readonly secrets: ReadChannelSecrets;
  /** Where something may be sent at all: `<host>`, or `<host>:<port>` for another port than 443. */
  readonly hosts: readonly string[];
  /** What carries mail of channels that have no server of their own. */
  readonly mail: MailTransport;
  readonly now: () => Date;
};

/** The channels of the communication matrix (runbook 6): over each provider's own protocol, by what the secret says under the channel's name. */
export function messageChannels({ secrets, hosts, mail, now }: ChannelSettings): MessageChannels {
  return {
    async send(outgoing, { deadlineMs }) {
      const rules: FetchRules = { hosts, now, signal: AbortSignal.timeout(deadlineMs) };
      const entry = await secrets().then(
        (all) => ({ secret: all[outgoing.channel] }),
        (error: unknown) => ({ unread: error instanceof Error ? error.name : 'Error' }),
      );
      if ('unread' in entry)
        return { outcome: 'retry', detail: `the secret of the channels could not be read (${entry.unread})` };
      return over(outgoing, entry.secret, { rules, mail });
    },
  };
}

type Means = { readonly rules: FetchRules; readonly mail: MailTransport };

/** An entry that is missing or wrong says so at every message, and stops no other channel. */
async function over(outgoing: Outgoing, secret: unknown, { rules, mail }: Means): Promise<Sent> {
  const { channel, target } = outgoing;
  const read = <T>(schema: z.ZodType<T>) => schema.safeParse(secret).data;
  switch (target.via) {
    case 'slack': {
      const slack = read(SlackSecret);
      return slack ? slackChannel(outgoing, slack, rules) : unusable(channel, secret);
    }
    case 'pagerduty': {
      const pagerduty = read(PagerdutySecret);
      return pagerduty ? pagerdutyChannel(outgoing, pagerduty, rules) : unusable(channel, secret);
    }
    case 'email': {
      const own = read(SmtpSecret);
      if (secret !== undefined && !own) return unusable(channel, secret);
      const transport = own ? smtpMail(own.smtp, rules.hosts) : mail;
      return transport(mailOf(outgoing, target.to), rules.signal);
    }
  }
}

const unusable = (channel: string, secret: unknown): Sent => ({
  outcome: 'failed',
  detail:
    secret === undefined
      ? `${channel} has no entry in the secret of the channels: put one there (docs/deploy.md, Channels)`
      : `the entry of ${channel} in the secret of the channels is not what docs/deploy.md (Channels) says`,
});
