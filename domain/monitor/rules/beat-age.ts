import * as z from 'zod';
import type { Lease } from '../../lease/lease.ts';
import { receivedMs, toldBy } from './told.ts';

/** The parts of an engine that beat (docs/engine-contract.md, heartbeats). */
export type Component = 'marketData' | 'featureStore' | 'executionGateway' | 'orderAcknowledgements' | 'riskService';

const Beat = z.iso.datetime();
const MOST_SKEW_MS = 1_000;

/**
 * How long ago a component last showed that it works, in milliseconds: by the engine's clock from the beat until it asked, and by ours from
 * then until now, so that neither a clock that is off nor a report that is old makes a beat look younger. Where the engine does not say when
 * it asked, ours counts alone. Nothing for a beat that is missing, unreadable, or still to come.
 */
export function beatAgeMs(lease: Lease | undefined, component: Component, now: Date): number | undefined {
  const beat = Beat.safeParse(toldBy(lease, now).heartbeats?.[component]);
  if (!lease || !beat.success) return undefined;
  const received = receivedMs(lease);
  const asked = Date.parse(lease.telemetry?.sentAt ?? new Date(received).toISOString());
  const ageThen = asked - Date.parse(beat.data);
  if (ageThen < -MOST_SKEW_MS) return undefined;
  return Math.max(0, ageThen) + Math.max(0, now.getTime() - received);
}
