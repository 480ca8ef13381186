import { readRegistration } from '../change.ts';
import { inTurns } from '../kill/turns.ts';
import { leaseId } from '../lease/lease.ts';
import { isLive } from '../mode.ts';
import type { Strategy } from '../strategy.ts';
import type { HealthPorts, HealthReads, InstancesOf } from './health-ports.ts';

const AT_A_TIME = 32;
const PATIENCE_MS = 2_000;

/** Reads at the first question, and once. */
export function healthReads(ports: HealthPorts): HealthReads {
  const strategies = once(() => ports.strategies.list());
  const instances = once(async () => {
    const live = (await strategies()).filter(({ mode }) => isLive(mode));
    const turn = inTurns(AT_A_TIME, PATIENCE_MS);
    return Promise.all(live.map((state) => turn(() => instancesOf(state, ports))));
  });
  return { strategies, instances };
}

async function instancesOf(state: Strategy, { records }: HealthPorts): Promise<InstancesOf> {
  const { engines } = await readRegistration(state.id, { records });
  const leases = engines.map(({ instanceId }) => records.get('LEASE', leaseId(state.id, instanceId)));
  return { state, leases: await Promise.all(leases) };
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => {
    reading ??= read();
    return reading;
  };
}
