import * as z from 'zod';
import { Heartbeats } from '../engine/lease-request.ts';
import type { RiskStatus } from '../engine/risk-status.ts';
import type { Lease } from '../lease/lease.ts';
import type { LiveSignal } from './live-signal.ts';

const MOST_SKEW_MS = 1_000;

/** What of a renewal's report is measured. */
const Reported = z.object({ heartbeats: Heartbeats.optional() });

/** The signals of one instance: from what it says of its risk now, and from its last renewal. What cannot be read is left out, never taken for good. */
export function measureSignals(
  status: Pick<RiskStatus, 'acknowledgements' | 'queueBacklog'> | undefined,
  lease: Pick<Lease, 'grantedAt' | 'report'> | undefined,
  now: Date,
): Partial<Record<LiveSignal, number>> {
  const report = Reported.safeParse(lease?.report).data ?? {};
  const toldAt = Date.parse(lease?.grantedAt ?? '');
  const age = (at: string | undefined) => ageOf(at, toldAt);
  const { acknowledgements, queueBacklog } = status ?? {};
  const beats = report.heartbeats ?? {};
  return measured({
    'acknowledgements-healthy': acknowledgements && Number(acknowledgements.healthy),
    'acknowledgement-p95-ms': acknowledgements?.p95Ms ?? undefined,
    'queue-backlog': queueBacklog,
    'lease-age-ms': ageOf(lease?.grantedAt, now.getTime()),
    'heartbeat-market-data-ms': age(beats.marketData),
    'heartbeat-feature-store-ms': age(beats.featureStore),
    'heartbeat-execution-gateway-ms': age(beats.executionGateway),
    'heartbeat-order-acknowledgements-ms': age(beats.orderAcknowledgements),
    'heartbeat-risk-service-ms': age(beats.riskService),
  });
}

/** A time that is still to come says nothing; clocks may differ by a second. */
function ageOf(at: string | undefined, toldAt: number): number | undefined {
  const age = toldAt - Date.parse(at ?? '');
  return age < -MOST_SKEW_MS ? undefined : Math.max(0, age);
}

const measured = (signals: Record<LiveSignal, number | undefined>): Partial<Record<LiveSignal, number>> =>
  Object.fromEntries(Object.entries(signals).filter(([, value]) => value !== undefined && Number.isFinite(value)));
