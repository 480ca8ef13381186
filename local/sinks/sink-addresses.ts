import type { Channel } from '../../domain/communications/matrix.ts';
import type { Installation } from '../host/installation.ts';
import { secretFor } from '../host/secret-for.ts';

/** The channels of the communication matrix, by name. */
export type Channels = Readonly<Record<string, Channel>>;

/** What the sinks of this installation know their channels by: random, so that nobody else on this machine fills an outbox. */
export type SinkAddresses = {
  /** `/sinks/slack/<channel>/<token>` -> channel. */
  readonly webhooks: ReadonlyMap<string, string>;
  /** Integration key -> channel. */
  readonly routingKeys: ReadonlyMap<string, string>;
};

export const ENQUEUE = '/sinks/pagerduty/v2/enqueue';

export function sinkAddresses(channels: Channels, installation: Installation): SinkAddresses {
  const over = (via: Channel['via']) => Object.keys(channels).filter((name) => channels[name]?.via === via);
  return {
    webhooks: new Map(over('slack').map((name) => [webhookPath(name, installation), name])),
    routingKeys: new Map(over('pagerduty').map((name) => [routingKey(name, installation), name])),
  };
}

/** What the channel secret says of each channel that a sink here stands in for; mail goes over the local SES and needs no entry. */
export function secretEntries(channels: Channels, url: string, installation: Installation): Record<string, object> {
  const { webhooks, routingKeys } = sinkAddresses(channels, installation);
  return Object.fromEntries([
    ...[...webhooks].map(([path, name]) => [name, { webhook: `${url}${path}` }]),
    ...[...routingKeys].map(([key, name]) => [name, { routingKey: key, url: `${url}${ENQUEUE}` }]),
  ]);
}

const webhookPath = (channel: string, installation: Installation): string =>
  `/sinks/slack/${encodeURIComponent(channel)}/${secretFor(installation, `webhook/${channel}`)}`;

/** 32 letters and digits, as PagerDuty's are. */
const routingKey = (channel: string, installation: Installation): string =>
  Buffer.from(secretFor(installation, `routing-key/${channel}`))
    .toString('hex')
    .slice(0, 32);
