import * as z from 'zod';

/** Where messages of a Slack channel go: an incoming webhook, or the token of a bot with a conversation that it is a member of. */
export const SlackSecret = z.union([
  z.strictObject({ webhook: z.string().min(1).max(500) }),
  z.strictObject({
    botToken: z.string().min(1).max(500),
    conversation: z.string().min(1).max(100),
    /** Of another Slack, e.g. `https://slack-gov.com/api/`. */
    api: z.string().min(1).max(200).default('https://slack.com/api/'),
  }),
]);

/** The integration key of a PagerDuty service, 32 characters. `url` is for the European service region. */
export const PagerdutySecret = z.strictObject({
  routingKey: z.string().regex(/^[A-Za-z0-9]{32}$/, 'is 32 letters and digits'),
  url: z.string().min(1).max(200).default('https://events.pagerduty.com/v2/enqueue'),
});

/** A site's own mail server. A mail channel without this goes over Amazon SES. */
export const SmtpSecret = z.strictObject({
  smtp: z.strictObject({
    host: z.string().min(1).max(255),
    port: z.int().min(1).max(65_535),
    user: z.string().max(200).optional(),
    password: z.string().max(500).optional(),
    from: z.email().max(254),
  }),
});
export type SmtpServer = z.infer<typeof SmtpSecret>['smtp'];

/** The secret of all channels, by their names in `config/communications.yaml`. What stands below a name is checked when it is used: one wrong entry silences one channel. */
export const ChannelSecrets = z.record(z.string(), z.unknown());
export type ChannelSecrets = z.infer<typeof ChannelSecrets>;

/** Reads them afresh, or as they were a few minutes ago. Throws when they cannot be read. */
export type ReadChannelSecrets = () => Promise<ChannelSecrets>;
