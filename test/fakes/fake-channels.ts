import type { MessageChannels, Outgoing, Sent } from '../../domain/ports/message-channels.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How a provider behaves: what it answers to the n-th message on a channel (from 1). */
export type Provider = (outgoing: Outgoing, count: number) => Sent | Promise<Sent>;

export const acknowledging: Provider = () => ({ outcome: 'acknowledged', detail: '200' });
export const down: Provider = () => ({ outcome: 'retry', detail: 'connection refused' });
export const refusing: Provider = () => ({ outcome: 'failed', detail: '404: no such channel' });
export const limiting =
  (afterMs: number): Provider =>
  () => ({ outcome: 'retry', detail: '429', afterMs });
/** Answers after the courier's patience is over: the message has arrived, and nobody knows. */
export const slow =
  (time: VirtualTime): Provider =>
  async () => {
    await time.pause(3_000);
    return { outcome: 'retry', detail: 'no answer within 3000 ms' };
  };
/** Says yes from the n-th try on. */
export const from =
  (count: number, before: Provider = down): Provider =>
  (outgoing, tried) =>
    tried < count ? before(outgoing, tried) : acknowledging(outgoing, tried);

/** Providers by channel; those that nobody has set say yes. Keeps what was sent, in order. */
export class FakeChannels implements MessageChannels {
  readonly sent: Outgoing[] = [];
  readonly providers = new Map<string, Provider>();

  async send(outgoing: Outgoing): Promise<Sent> {
    this.sent.push(outgoing);
    const provider = this.providers.get(outgoing.channel) ?? acknowledging;
    return provider(outgoing, this.countOf(outgoing.channel));
  }

  countOf(channel: string): number {
    return this.sent.filter((each) => each.channel === channel).length;
  }
}
