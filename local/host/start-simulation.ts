import { join } from 'node:path';
import { writeDurably } from '../aws/write-durably.ts';
import { type ChildProgram, startChild } from './child-program.ts';
import type { Installation } from './installation.ts';
import type { EngineRegistration } from './registered-engines.ts';
import { secretFor } from './secret-for.ts';

export type EngineKeys = { readonly command: string; readonly kill: string };

export type SimulationOptions = {
  readonly root: string;
  readonly dataPath: string;
  readonly url: string;
  readonly issuer: string;
  readonly installation: Installation;
  readonly registrations: readonly EngineRegistration[];
  /** Base64 DER SPKI: whose commands the engine obeys. The venues start before these are there. */
  readonly keys: Promise<EngineKeys>;
  readonly ports: { readonly engine: number; readonly venue: number };
  readonly onExit: (problem: string) => void;
};

export type Simulation = { readonly engineFaultUrl: string; readonly venueFaultUrl: string; stop(): Promise<void> };

/** The bearer that the control plane reads and cancels with at a venue. */
export const venueControlKey = (installation: Installation, venue: string): string =>
  secretFor(installation, `venue-control/${venue}`);
export const engineClientSecret = (installation: Installation, instanceId: string): string =>
  secretFor(installation, `engine-client/${instanceId}`);
const venueTradingKey = (installation: Installation, venue: string) =>
  secretFor(installation, `venue-trading/${venue}`);

/** Starts the simulated venues and the reference engine, each a process of its own, for the strategies of the template. */
export async function startSimulation(options: SimulationOptions): Promise<Simulation> {
  options.keys.catch(() => undefined); // awaited below, unless the venues do not even start
  const venue = await start('venue', venueConfig(options), options);
  const startEngine = async () => start('engine', engineConfig(options, await options.keys), options);
  const engine = await startEngine().catch(async (fault: unknown) => {
    await venue.stop();
    throw fault;
  });
  return {
    engineFaultUrl: engine.faultUrl,
    venueFaultUrl: venue.faultUrl,
    /** The engine first: it cancels what rests, so the venues have to be there. */
    async stop() {
      await engine.stop();
      await venue.stop();
    },
  };
}

async function start(
  name: 'engine' | 'venue',
  config: object,
  { root, dataPath, onExit }: SimulationOptions,
): Promise<ChildProgram> {
  const path = join(dataPath, `${name}.json`);
  await writeDurably(path, Buffer.from(`${JSON.stringify(config, null, 2)}\n`), { mode: 0o600 });
  const script = join(root, 'engine-sim', `${name}.ts`);
  return startChild({ name, script, args: ['--config', path], logFile: join(dataPath, `${name}.log`), onExit });
}

function venueConfig({ registrations, installation, ports }: SimulationOptions) {
  const venues = new Map(registrations.flatMap(({ venues: all }) => all.map((venue) => [venue.id, venue] as const)));
  return {
    port: ports.venue,
    faultPort: 0,
    venues: [...venues.values()].map(({ id, sessions }) => ({
      id,
      tradingKeys: [venueTradingKey(installation, id)],
      controlKeys: [venueControlKey(installation, id)],
      sessions: sessions ?? null,
    })),
  };
}

function engineConfig(
  { registrations, installation, ports, url, issuer, dataPath }: SimulationOptions,
  keys: EngineKeys,
) {
  return {
    port: ports.engine,
    faultPort: 0,
    controlPlane: url,
    tokenUrl: `${issuer}/token`,
    commandKey: keys.command,
    killKey: keys.kill,
    artifacts: join(dataPath, 'artifacts'),
    data: join(dataPath, 'engine'),
    instances: registrations.flatMap(({ id, primaryVenue, venues, engines }) =>
      engines.map(({ instanceId, clientId }) => ({
        instanceId,
        strategyId: id,
        clientId,
        clientSecret: engineClientSecret(installation, instanceId),
        venue: {
          id: primaryVenue,
          url: venues.find((venue) => venue.id === primaryVenue)?.url,
          key: venueTradingKey(installation, primaryVenue),
          kind: 'simulated',
        },
      })),
    ),
  };
}
