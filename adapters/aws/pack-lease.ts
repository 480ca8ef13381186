import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Lease } from '../../domain/lease/lease.ts';

/** A lease is written each second by every engine: what it reported, compressed, keeps that one write unit (1 KB) instead of two. Who may do what until when stays readable. */
export const packLease = ({ report, telemetry, ...lease }: Lease) => ({
  ...lease,
  packed: deflateRawSync(JSON.stringify({ report, telemetry })),
});

/** The lease as it was; any other record is left as it is. */
export function unpackLease(stored: unknown): unknown {
  if (typeof stored !== 'object' || stored === null || !('packed' in stored)) return stored;
  const { packed, ...lease } = stored;
  return packed instanceof Uint8Array ? { ...lease, ...JSON.parse(inflateRawSync(packed).toString()) } : stored;
}
