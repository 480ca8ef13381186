import { scopesOf } from '../domain/kill/scope-latch.ts';
import type { Ports } from '../domain/ports/ports.ts';

type Lists = { readonly records: Pick<Ports['records'], 'list'> };
const MOST = 1_000;

/** The keys of machines and buttons, whatever became of them. */
export async function listDevices({ records }: Lists) {
  const credentials = await records.list('CREDENTIAL', { limit: MOST });
  return { devices: credentials.filter(({ type }) => type === 'device-key') };
}

/** Where every engine takes its commands, and which scopes cover it: what a device keeps for the day on which the control plane cannot be reached. */
export async function listEngines({ records }: Lists) {
  const registrations = await records.list('REGISTRATION', { limit: MOST });
  return {
    engines: registrations.flatMap((registration) =>
      registration.engines.map(({ instanceId, controlUrl }) => ({
        strategyId: registration.id,
        instanceId,
        controlUrl,
        scopes: scopesOf(registration),
      })),
    ),
  };
}
