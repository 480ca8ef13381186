import type { MessageChannels } from '../ports/message-channels.ts';
import type { Ports } from '../ports/ports.ts';
import { courierLanes, type Lane } from './courier-lanes.ts';

/** What carrying messages takes: the records, the providers, time and chance, and an alarm for what reached nobody. */
export type CourierPorts = Pick<Ports, 'now'> & {
  readonly records: Pick<Ports['records'], 'get' | 'all' | 'replace'>;
  readonly channels: MessageChannels;
  readonly elapsedMs: () => number;
  readonly pause: (ms: number) => Promise<void>;
  readonly random: () => number;
  /** Raises the alarm that a delivery was given up, and no channel took over. */
  readonly alarm: (what: string, facts: Readonly<Record<string, unknown>>) => void;
};

/** One round of a courier: its ports, its queues, and the time that it has. */
export type Courier = CourierPorts & {
  readonly leftMs: () => number;
  readonly lane: (channel: string) => Lane;
};

/** How long one round goes on beginning and waiting for things; what needs longer is left to the next sweep. */
const ROUND_MS = 30_000; // all five tries of a critical delivery, each with its deadline and the longest pause after it

export function beginRound(ports: CourierPorts, roundMs = ROUND_MS): Courier {
  const until = ports.elapsedMs() + roundMs;
  const leftMs = () => until - ports.elapsedMs();
  return { ...ports, leftMs, lane: courierLanes({ elapsedMs: ports.elapsedMs, pause: ports.pause, leftMs }) };
}
