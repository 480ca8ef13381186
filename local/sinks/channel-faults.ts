/** What can be wrong with a provider, for tests and rehearsals. */
const CHANNEL_FAULTS = {
  'channel-down': 'the provider of the channel is away: it answers 503',
  'channel-slow': 'it does not answer until the fault is taken away, and what it was told meanwhile is lost',
  'channel-429': 'it asks us to come back in a second',
  'channel-500': 'it is broken: it answers 500',
  'channel-duplicate': 'it takes each message, but its first answer is lost, so that the message is sent again',
} as const;
export type ChannelFault = keyof typeof CHANNEL_FAULTS;

const EVERYWHERE = '*';

export const isChannelFault = (name: string): name is ChannelFault => Object.hasOwn(CHANNEL_FAULTS, name);

/** Faults by name, in all channels or in one. */
export function channelFaults() {
  const on = new Map<ChannelFault, Set<string>>();
  const waiting = new Set<() => void>();
  const active = (name: ChannelFault, channel: string) => {
    const targets = on.get(name);
    return targets !== undefined && (targets.has(EVERYWHERE) || targets.has(channel));
  };
  return {
    active,
    inject(name: ChannelFault, channel = EVERYWHERE): void {
      on.set(name, (on.get(name) ?? new Set()).add(channel));
    },
    clear(name: ChannelFault, channel?: string): void {
      if (channel === undefined) on.delete(name);
      else on.get(name)?.delete(channel);
      for (const wake of waiting) wake();
    },
    /** Resolves when the fault holds for the channel no longer. */
    async whenCleared(name: ChannelFault, channel: string): Promise<void> {
      while (active(name, channel)) {
        const { promise, resolve } = Promise.withResolvers<void>();
        waiting.add(resolve);
        await promise;
        waiting.delete(resolve);
      }
    },
    list: () =>
      Object.entries(CHANNEL_FAULTS).map(([name, description]) => ({
        name,
        description,
        active: isChannelFault(name) ? [...(on.get(name) ?? [])] : [],
      })),
  };
}
export type ChannelFaults = ReturnType<typeof channelFaults>;
