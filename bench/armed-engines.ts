import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { httpEngines } from '../adapters/engine/http-engine.ts';
import { StrategyId } from '../domain/ids.ts';
import { digestOf, digestOfBytes } from '../domain/ledger/digest.ts';
import type { Engines } from '../domain/ports/engine.ts';
import { listen } from '../engine-sim/program/listen.ts';
import { startChild } from '../local/host/child-program.ts';
import { eventually } from '../rehearsal/eventually.ts';
import type { LocalHost } from '../rehearsal/local-host.ts';
import { manyStrategies } from '../test/runbook/many-strategies.ts';

const ARTIFACT = 'a strategy, as bytes';
const LIMITS = { currency: 'USD', instruments: { 'BTC-USD': { maxNotional: 250_000, maxPosition: 4 } } };
const PARAMETERS = { instrument: 'BTC-USD', orderQuantity: 0.05, orderLifetimeSeconds: 300, restingOrders: 4 };
const LEASE = { mode: 'ACTIVE', maxOrdersPerSec: 50, epoch: 1, expiresInMs: 5_000 };
const PATIENT = { deadlineMs: 10_000 };

const Engine = z.looseObject({
  killKey: z.string(),
  instances: z.array(z.looseObject({ venue: z.looseObject({ id: z.string(), url: z.url(), key: z.string() }) })).min(1),
});
const Venues = z.looseObject({
  venues: z.array(z.looseObject({ id: z.string(), controlKeys: z.array(z.string()).min(1) })),
});

/**
 * Strategies that trade without having been launched: one engine program of their own, which obeys our commands and the host's
 * kill key, trades at the host's own venue, and gets its leases from here. Killing them goes the real way through the host.
 */
export async function armedEngines({ data }: LocalHost, count: number) {
  const folder = await mkdtemp(join(tmpdir(), 'armed-engines-'));
  await writeFile(join(folder, digestOfBytes(ARTIFACT).replace(':', '-')), ARTIFACT);
  const { killKey, venue } = await venueOf(data);
  const plane = await listen(async () => Response.json(LEASE), 0);
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const strategies = Array.from({ length: count }, (_, index) => StrategyId.parse(`many-${index + 1}`));
  const { id, url, tradingKey: key } = venue;
  const engine = await startEngine(folder, {
    ...{ port: 0, controlPlane: plane.url, artifacts: folder, data: join(folder, 'engines'), killKey },
    commandKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    instances: strategies.map((strategyId) => ({ instanceId: `${strategyId}-1`, strategyId, venue: { id, url, key } })),
  });
  const commands = httpEngines({
    signer: { keyid: 'command', sign: async (bytes) => new Uint8Array(sign(null, bytes, privateKey)) },
    now: () => new Date(),
    newNonce: randomUUID,
  });
  await manyStrategies(data, count, engine.url);
  return {
    strategies,
    venue,
    arm: (strategyId: StrategyId) => arm(strategyId, engine.url, commands),
    async close() {
      await engine.stop();
      await plane.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
export type ArmedEngines = Awaited<ReturnType<typeof armedEngines>>;

/** The venue of the host, with both of its keys, and the key that may halt. */
async function venueOf(data: string) {
  const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(data, name), 'utf8'));
  const { killKey, instances } = Engine.parse(await read('engine.json'));
  const trading = instances.map(({ venue }) => venue).find(({ id }) => id === 'XSIM');
  const [controlKey] = Venues.parse(await read('venue.json')).venues.find(({ id }) => id === 'XSIM')?.controlKeys ?? [];
  if (!trading || controlKey === undefined) throw new Error('the local host has no venue XSIM');
  const { id, url, key: tradingKey } = trading;
  return { killKey, venue: { id, url, tradingKey, controlKey } };
}

async function startEngine(folder: string, config: object) {
  const file = join(folder, 'engine.json');
  await writeFile(file, JSON.stringify(config));
  const program = { name: 'engine', script: 'engine-sim/engine.ts', args: ['--config', file] };
  return startChild({ ...program, logFile: join(folder, 'engine.log'), onExit: () => undefined });
}

/** Deployed, armed, and trading as soon as this returns. */
async function arm(strategyId: StrategyId, url: string, commands: Engines): Promise<void> {
  const [artifactDigest, limitsDigest] = [digestOfBytes(ARTIFACT), digestOf(LIMITS)];
  const instance = { instanceId: `${strategyId}-1`, strategyId, controlUrl: `${url}/${strategyId}-1` };
  const base = (name: string) => ({ strategyId, epoch: LEASE.epoch, commandId: name, runId: 'bench' });
  const deployed = { artifactDigest, parameters: PARAMETERS, limits: LIMITS };
  await commands.deploy(instance, { ...base('deploy'), ...deployed }, PATIENT);
  await commands.arm(instance, { ...base('arm'), artifactDigest, limitsDigest, maxOrdersPerSec: 50 }, PATIENT);
  const status = () => commands.riskStatus(instance, PATIENT);
  await eventually(`${strategyId} trading`, status, ({ mode }) => mode === 'ACTIVE');
}
