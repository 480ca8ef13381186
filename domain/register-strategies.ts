import { change, readStrategy } from './change.ts';
import { ActorId } from './ids.ts';
import type { Ports } from './ports/ports.ts';
import type { Registration } from './registration.ts';
import { newStrategy } from './strategy.ts';

/**
 * Brings the deployed configuration into the control table: new strategies start OFF, with `live.enabled` written as false
 * once (architecture section 8), known ones keep their state and get the new addresses and policy.
 */
export async function registerStrategies(
  registrations: readonly Registration[],
  version: string,
  ports: Ports,
): Promise<{ summary: string }> {
  for (const registration of registrations) {
    await registerOne(registration, version, ports);
    await seedFlag(registration, ports);
  }
  await ports.records.put({ kind: 'TICK', record: { id: 'health', at: ports.now().toISOString() } }); // from here on ticks are due
  return { summary: `${registrations.length} strategies registered` };
}

async function registerOne(registration: Registration, version: string, ports: Ports): Promise<void> {
  const state = (await ports.strategies.read(registration.id)) ?? newStrategy(registration.id);
  const decision = {
    state,
    entries: [
      { type: 'strategy.registered', actor: ActorId.parse('service:deployment'), payload: { registration, version } },
    ],
    records: [{ kind: 'REGISTRATION' as const, record: registration }],
    reply: undefined,
  };
  const known = await ports.records.get('REGISTRATION', registration.id);
  if (known && JSON.stringify(known) === JSON.stringify(registration)) return;
  if (state.version === 0) {
    await ports.strategies.commit(state, decision, ports.now()); // a racing deployment did the same
    return;
  }
  await change(
    registration.id,
    { key: `register/${registration.id}/${version}`, body: registration },
    (now) => ({ ...decision, state: now }),
    ports,
  );
}

/** Version 1 of a flag is off: until it stands there, readers could not tell "off" from "unreadable". */
async function seedFlag({ id, flag }: Registration, ports: Ports): Promise<void> {
  const { flagVersion } = await readStrategy(id, ports);
  if (flagVersion > 0) return;
  const off = await ports.flags.disable(flag);
  await change(
    id,
    { key: `seed-flag/${id}/${off.version}`, body: off.version },
    (state) => ({
      state: { ...state, flagVersion: Math.max(state.flagVersion, off.version) },
      entries: [{ type: 'flag.disabled', actor: ActorId.parse('service:deployment'), payload: { flag: off } }],
      reply: undefined,
    }),
    ports,
  );
}
