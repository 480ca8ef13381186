import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { DynamoRecords } from '../../adapters/aws/dynamo-records.ts';
import { DynamoStrategies } from '../../adapters/aws/dynamo-strategies.ts';
import { httpEngines } from '../../adapters/engine/http-engine.ts';
import { httpVenues } from '../../adapters/venue/http-venue.ts';
import { StrategyId } from '../../domain/ids.ts';
import { newStrategy, type Strategy } from '../../domain/strategy.ts';
import { EngineConfig } from '../../engine-sim/engine/engine-config.ts';
import { startEngine } from '../../engine-sim/engine/start-engine.ts';
import { listen } from '../../engine-sim/program/listen.ts';
import { startChild } from '../../local/host/child-program.ts';
import { documentClient, tables } from '../adapters/aws/local-tables.ts';
import { pointAt } from '../adapters/aws/point-at.ts';
import { REGISTRATION } from '../fakes/world.ts';
import { runningDynamoDb } from '../local/dynamodb/running-dynamo-db.ts';
import { wireTo } from '../runbook/store-to-cut.ts';
import { ARTIFACT, artifactDigest, eventually, LIMITS, limitsDigest, PARAMETERS } from './running-system.ts';

export type LeaseTimes = { readonly ttlMs: number; readonly renewEveryMs: number };
const patient = { deadlineMs: 10_000 };

/**
 * Many engines in this process, the product's lease function on a real store, and the venues: each a process of its own. What
 * lies between engines and lease function, and between that and its store, can be stopped, cut, delayed and lost.
 */
export async function leasedEngines(count: number, times: LeaseTimes) {
  const folder = await mkdtemp(join(tmpdir(), 'leased-engines-'));
  await writeFile(join(folder, artifactDigest.replace(':', '-')), ARTIFACT);
  const store = await runningDynamoDb();
  const wire = await wireTo(Number(new URL(store.url).port));
  const child = (name: string, script: string, ...args: string[]) =>
    startChild({ name, script, args, logFile: join(folder, `${name}.log`), onExit: () => undefined });
  const plane = await child(
    'plane',
    join(import.meta.dirname, 'lease-plane-worker.ts'),
    `http://127.0.0.1:${wire.port}`,
  );
  const setPlaneClock = async (offMs: number) =>
    z
      .object({ pid: z.int() })
      .parse(await (await fetch(plane.faultUrl, { method: 'POST', body: String(offMs) })).json()).pid;
  const pids = { plane: await setPlaneClock(0), store: Number(await readFile(`${store.dataPath}.pid`, 'utf8')) };
  const venueFile = join(folder, 'venue.json');
  const venue = { id: 'XSIM', tradingKeys: ['trading-key'], controlKeys: ['control-key'] };
  await writeFile(venueFile, JSON.stringify({ port: 0, venues: [venue] }));
  const venues = await child('venue', 'engine-sim/venue.ts', '--config', venueFile);

  /** What happens to a reply on its way; the default is nothing. */
  const network = { deliver: (): Promise<void> | undefined => undefined };
  const relay = await listen(async (request) => {
    const path = new URL(request.url).pathname;
    const reply = await fetch(`${plane.url}${path}`, { method: 'POST', body: await request.text() });
    const text = await reply.text();
    await network.deliver();
    return new Response(text, { status: reply.status, headers: { 'content-type': 'application/json' } });
  }, 0);

  pointAt('DYNAMODB', store.url);
  const dynamo = documentClient();
  const strategies = new DynamoStrategies(dynamo, tables);
  const records = new DynamoRecords(dynamo, tables, () => new Date());
  const put = (state: Strategy) =>
    store.documents.put({
      TableName: tables.control,
      Item: { ...state, version: state.version + 1, pk: `STRATEGY#${state.id}`, kind: 'STRATEGY', sort: state.id },
    });
  const ids = Array.from({ length: count }, (_, index) => StrategyId.parse(`lease-${index + 1}`));
  const instanceOf = (id: string) => `${id}-engine`;
  for (const id of ids) {
    const engines = [{ instanceId: instanceOf(id), clientId: instanceOf(id), controlUrl: 'http://127.0.0.1:1' }];
    await records.put({ kind: 'REGISTRATION', record: { ...REGISTRATION, id, engines, leaseTtlMs: times.ttlMs } });
    await put(newStrategy(id));
  }

  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const clock = { offMs: 0 };
  const engine = await startEngine(
    EngineConfig.parse({
      port: 0,
      controlPlane: relay.url,
      renewEveryMs: times.renewEveryMs,
      commandKey: spki,
      killKey: spki,
      artifacts: folder,
      data: join(folder, 'engines'),
      instances: ids.map((id) => ({
        instanceId: instanceOf(id),
        strategyId: id,
        venue: { id: 'XSIM', url: `${venues.url}/XSIM`, key: 'trading-key' },
      })),
    }),
    {
      clock: { elapsed: () => performance.now(), wall: () => Date.now() + clock.offMs },
      newId: randomUUID,
      log: () => undefined,
    },
  );
  const commands = httpEngines({
    signer: { keyid: 'command', sign: async (data) => new Uint8Array(sign(null, data, privateKey)) },
    now: () => new Date(),
    newNonce: randomUUID,
  });
  const venuePort = httpVenues({ credentialOf: async () => 'control-key' });
  const resting = (id: string) => venuePort.openOrders({ id: 'XSIM', url: `${venues.url}/XSIM` }, id);
  const stateOf = async (id: StrategyId) => (await strategies.read(id)) ?? newStrategy(id);

  return {
    ids,
    instances: engine.instances,
    network,
    wire,
    pids,
    clock,
    setPlaneClock,
    resting,
    stateOf,
    /** Takes every strategy live at a new epoch: granted, deployed, armed, with orders at the venue. Answers the epoch. */
    async trade(): Promise<number> {
      const epoch = 1 + Math.max(...(await Promise.all(ids.map(async (id) => (await stateOf(id)).epoch))));
      for (const strategyId of ids) {
        const before = await stateOf(strategyId);
        await put({ ...before, mode: 'ACTIVE', epoch, maxOrdersPerSec: 10 });
      }
      const leased = () => engine.instances.filter(({ core }) => core.state().lease?.epoch === epoch).length;
      await eventually(leased, (now) => now === count, 15_000);
      for (const strategyId of ids) {
        const instanceId = instanceOf(strategyId);
        const instance = { instanceId, strategyId, controlUrl: `${engine.url}/${instanceId}` };
        const base = (name: string) => ({ strategyId, epoch, commandId: `${name}-${epoch}`, runId: 'run' });
        const parameters = { ...PARAMETERS, restingOrders: 2 };
        await commands.deploy(instance, { ...base('deploy'), artifactDigest, parameters, limits: LIMITS }, patient);
        await commands.arm(instance, { ...base('arm'), artifactDigest, limitsDigest, maxOrdersPerSec: 10 }, patient);
      }
      const withOrders = async () => (await Promise.all(ids.map(resting))).filter(({ length }) => length > 0).length;
      await eventually(withOrders, (now) => now === count, 20_000);
      return epoch;
    },
    async close() {
      process.kill(pids.plane, 'SIGCONT');
      process.kill(pids.store, 'SIGCONT');
      await engine.close();
      await Promise.all([relay.close(), plane.stop(), venues.stop(), wire.cut()]);
      dynamo.destroy();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
export type LeasedEngines = Awaited<ReturnType<typeof leasedEngines>>;
