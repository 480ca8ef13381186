import { faultPanel } from '../program/fault-panel.ts';
import { listen } from '../program/listen.ts';
import type { Log } from '../program/log.ts';
import type { Program } from '../program/run-program.ts';
import { deviceKeyStore } from './device-key-store.ts';
import { engineApp } from './engine-app.ts';
import type { EngineConfig } from './engine-config.ts';
import { ENGINE_FAULTS, type Instance, startInstance } from './instance.ts';
import type { Clock } from './instance-core.ts';
import { publicKeyOf } from './verify-signature.ts';

export type EnginePorts = { readonly clock: Clock; readonly newId: () => string; readonly log: Log };

/** Starts all instances of a configuration behind one port, with their fault panel on another. Commands are refused until their keys could be read. */
export async function startEngine(
  config: EngineConfig,
  { clock, newId, log }: EnginePorts,
): Promise<Program & { readonly instances: readonly Instance[] }> {
  const devices = deviceKeyStore(config.data);
  const keys = {
    command: publicKeyOf(config.commandKey),
    kill: publicKeyOf(config.killKey),
    device: devices.find,
  };
  const faults = faultPanel(
    ENGINE_FAULTS,
    config.instances.map(({ instanceId }) => instanceId),
  );
  const instances: Instance[] = [];
  let url = '';
  const ports = { keys, artifacts: config.artifacts, publicUrl: () => config.publicUrl ?? url, wall: clock.wall, log };
  for (const settings of config.instances)
    instances.push(startInstance(settings, config, { clock, newId, log, faults, devices }));
  const app = engineApp(instances, ports);
  const server = await listen((request) => app.fetch(request), config.port);
  url = server.url;
  const panel = await listen((request) => faults.app.fetch(request), config.faultPort);
  return {
    url,
    faultUrl: panel.url,
    instances,
    async close() {
      await Promise.all(instances.map(stopTrading));
      await Promise.all([server.close(), panel.close()]);
    },
  };
}

const LAST_CANCEL_MS = 1_000;

/** Leaves nothing resting that nobody watches: asks the venue once more, for at most a second. */
async function stopTrading({ stop, entry }: Instance): Promise<void> {
  stop();
  const tooLate = AbortSignal.timeout(LAST_CANCEL_MS);
  const { promise, resolve } = Promise.withResolvers<void>();
  tooLate.addEventListener('abort', () => resolve(), { once: true });
  await Promise.race([entry.cancelAll().catch(() => undefined), promise]);
}
