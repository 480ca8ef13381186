import * as z from 'zod';
import type { Lease } from '../lease/lease.ts';
import type { Reading } from './health-item.ts';
import type { HealthPorts, HealthReads } from './health-ports.ts';

const HALF_A_SECOND = 500; // a Date header is cut to whole seconds

/** How far our clock is from somebody else's, in milliseconds, whichever is ahead. Half a second is within what can be told. */
export async function measureClock({ outsideTime, now }: HealthPorts): Promise<Reading> {
  const asked = now().getTime();
  const theirs = (await outsideTime()).getTime() + HALF_A_SECOND;
  const offset = Math.round((asked + now().getTime()) / 2 - theirs);
  const value = Math.max(0, Math.abs(offset) - HALF_A_SECOND);
  return { value, detail: value === 0 ? 'as the outside world' : `${value} ms ${offset > 0 ? 'ahead' : 'behind'}` };
}

/** What of a lease is looked at. */
const Told = z.object({
  telemetry: z.object({ clockOffsetMs: z.number().optional(), flag: z.string().optional() }).optional(),
});
const toldWith = (lease: Lease) => Told.safeParse(lease).data?.telemetry ?? {};

/** The largest distance between the clock of an engine that holds a lease and ours, in milliseconds. */
export async function measureEngineClocks({ now }: HealthPorts, { instances }: HealthReads): Promise<Reading> {
  const offsets = (await held(instances, now())).flatMap((lease) => {
    const { clockOffsetMs } = toldWith(lease);
    return clockOffsetMs === undefined ? [] : [{ instanceId: lease.instanceId, value: Math.abs(clockOffsetMs) }];
  });
  const [worst] = offsets.toSorted((a, b) => b.value - a.value);
  if (!worst) return { value: 0, detail: 'no engine that holds a lease tells its time' };
  return { value: worst.value, detail: `${worst.instanceId} is ${worst.value} ms off, of ${offsets.length} engines` };
}

/** Engines that hold a lease of which the flag as deployed last cannot be read: AppConfig is away, or a deployment of the flag is stuck (architecture section 8). */
export async function measureFlags({ now }: HealthPorts, { instances }: HealthReads): Promise<Reading> {
  const leases = await held(instances, now());
  const blind = leases.filter((lease) => toldWith(lease).flag === 'unreadable');
  const ids = blind.map(({ instanceId }) => instanceId);
  const detail =
    ids.length === 0
      ? `readable as deployed last, of ${leases.length} engines that hold a lease`
      : `live.enabled as deployed last cannot be read for ${ids.join(', ')}`;
  return { value: ids.length, detail };
}

const held = async (instances: HealthReads['instances'], now: Date) =>
  (await instances())
    .flatMap(({ leases }) => leases)
    .flatMap((lease) => (lease && lease.expiresAt > now.toISOString() ? [lease] : []));
