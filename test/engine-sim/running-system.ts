import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { httpEngines } from '../../adapters/engine/http-engine.ts';
import { httpVenues } from '../../adapters/venue/http-venue.ts';
import type { EngineInstance } from '../../domain/engine-instances.ts';
import { StrategyId } from '../../domain/ids.ts';
import { digestOf, digestOfBytes } from '../../domain/ledger/digest.ts';
import { EngineConfig } from '../../engine-sim/engine/engine-config.ts';
import { startEngine } from '../../engine-sim/engine/start-engine.ts';
import { startVenues } from '../../engine-sim/venue/start-venues.ts';
import { VenueConfig } from '../../engine-sim/venue/venue-config.ts';
import { controlPlane } from './control-plane.ts';

const keyPair = () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return {
    spki: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    sign: async (data: Uint8Array) => new Uint8Array(sign(null, data, privateKey)),
  };
};

export const ARTIFACT = 'the strategy, as bytes';
export const LIMITS = {
  currency: 'USD',
  instruments: { 'BTC-USD': { maxNotional: 250_000, maxPosition: 4 } },
  maxOrdersPerSec: 10,
};
export const PARAMETERS = { instrument: 'BTC-USD', orderQuantity: 0.05, orderLifetimeSeconds: 30, restingOrders: 6 };
export const artifactDigest = digestOfBytes(ARTIFACT);
export const limitsDigest = digestOf(LIMITS);

/** Venue, engine and lease side on real sockets, driven through the product's own adapters. */
export async function runningSystem(venueSettings: Record<string, unknown> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'engine-sim-'));
  await writeFile(join(folder, artifactDigest.replace(':', '-')), ARTIFACT);
  const plane = await controlPlane();
  const [command, kill] = [keyPair(), keyPair()];
  const venue = { id: 'XSIM', tradingKeys: ['trading-key'], controlKeys: ['control-key'], ...venueSettings };
  const after = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));
  const venues = await startVenues(VenueConfig.parse({ port: 0, venues: [venue] }), {
    now: () => Date.now(),
    newId: randomUUID,
    after,
    log: () => undefined,
  });
  const config = EngineConfig.parse({
    port: 0,
    controlPlane: plane.url,
    renewEveryMs: 50,
    tokenUrl: `${plane.url}/token`,
    commandKey: command.spki,
    killKey: kill.spki,
    artifacts: folder,
    data: join(folder, 'data'),
    instances: [
      {
        instanceId: 'btc-1',
        strategyId: 'btc',
        clientSecret: 's',
        venue: { id: 'XSIM', url: `${venues.url}/XSIM`, key: 'trading-key' },
      },
    ],
  });
  const clock = { elapsed: () => performance.now(), wall: () => Date.now() };
  const start = () => startEngine(config, { clock, newId: randomUUID, log: () => undefined });
  let engine = await start();
  const strategyId = StrategyId.parse('btc');
  const signed = (keyid: 'command' | 'kill', key: typeof command) =>
    httpEngines({ signer: { keyid, sign: key.sign }, now: () => new Date(), newNonce: randomUUID });
  return {
    plane,
    venues,
    config,
    command,
    kill,
    instance: (): EngineInstance => ({ instanceId: 'btc-1', strategyId, controlUrl: `${engine.url}/btc-1` }),
    engine: () => engine,
    engines: signed('command', command),
    killers: signed('kill', kill),
    venue: { id: 'XSIM', url: `${venues.url}/XSIM` },
    venuePort: httpVenues({ credentialOf: async () => 'control-key' }),
    async restartEngine() {
      await engine.close();
      engine = await start();
    },
    fault: (url: string, name: string, method: 'POST' | 'DELETE') => fetch(`${url}/faults/${name}`, { method }),
    async close() {
      await engine.close();
      await Promise.all([venues.close(), plane.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
export type RunningSystem = Awaited<ReturnType<typeof runningSystem>>;

/** Asks again until it is so; says what was last seen when it never becomes so. */
export async function eventually<Value>(
  ask: () => Promise<Value> | Value,
  isSo: (value: Value) => boolean,
  withinMs = 5_000,
): Promise<Value> {
  const until = performance.now() + withinMs;
  for (;;) {
    const value = await ask();
    if (isSo(value)) return value;
    if (performance.now() > until) throw new Error(`not within ${withinMs} ms; last seen: ${JSON.stringify(value)}`);
    await new Promise((resolve) => void setTimeout(resolve, 20));
  }
}
