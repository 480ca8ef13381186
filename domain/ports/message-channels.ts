import type { Delivery } from '../communications/delivery.ts';
import type { Channel } from '../communications/matrix.ts';
import type { Deadline } from './engine.ts';

/** What a provider is asked to carry. */
export type Outgoing = Pick<
  Delivery,
  'channel' | 'subject' | 'text' | 'severity' | 'audience' | 'at' | 'dedupKey' | 'page' | 'drill' | 'strategyId'
> & { readonly target: Channel };

/** What came of it. `afterMs` is how long the provider wants to be left alone. `detail` never holds a secret or a url. */
export type Sent =
  | { readonly outcome: 'acknowledged'; readonly detail: string; readonly providerId?: string | undefined }
  | { readonly outcome: 'retry'; readonly detail: string; readonly afterMs?: number | undefined }
  | { readonly outcome: 'failed'; readonly detail: string };

/** The providers of channels (Slack, PagerDuty, mail). Never throws for what a provider answers, nor for its silence. */
export interface MessageChannels {
  send(outgoing: Outgoing, deadline: Deadline): Promise<Sent>;
}
