import { createHash } from 'node:crypto';
import type { ChannelFaults } from './channel-faults.ts';
import type { Outbox, OutboxLine } from './outbox.ts';

/** `taken`, or the status that the provider answers instead. */
export type Received = 'taken' | 429 | 500 | 503;

/** Takes messages into the outbox as a provider does in whom something may be wrong. */
export type Receive = (line: OutboxLine) => Promise<Received>;

const REFUSALS = [
  ['channel-down', 503],
  ['channel-429', 429],
  ['channel-500', 500],
] as const;

export function receiver(outbox: Outbox, faults: ChannelFaults): Receive {
  const answersLost = new Set<string>();
  const isLost = (line: OutboxLine) => faults.active('channel-duplicate', line.channel) && isFirst(line, answersLost);
  return async (line) => {
    const { channel } = line;
    const [, refusal] = REFUSALS.find(([fault]) => faults.active(fault, channel)) ?? [];
    if (refusal !== undefined) return refusal;
    if (faults.active('channel-slow', channel)) {
      await faults.whenCleared('channel-slow', channel);
      return 503;
    }
    await outbox.append(line);
    return isLost(line) ? 500 : 'taken';
  };
}

function isFirst({ at: _at, ...message }: OutboxLine, seen: Set<string>): boolean {
  const digest = createHash('sha256').update(JSON.stringify(message)).digest('hex');
  const before = seen.size;
  return seen.add(digest).size > before;
}
