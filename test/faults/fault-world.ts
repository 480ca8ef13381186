import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Registration } from '../../domain/registration.ts';
import { type Observer, observer } from '../../rehearsal/observe.ts';
import { type ControlPlane, controlPlane } from '../runbook/control-plane.ts';
import { type Backstage, backstage } from './backstage.ts';
import type { FaultyHost } from './faulty-host.ts';
import { storeArtifact } from './ready-to-kill.ts';

const RENEW_AFTER_MS = 180_000;
const Local = z.looseObject({ engines: z.array(z.looseObject({ strategyId: z.string() })) });

/** One faulty host with everything that a case does to it and looks at. After a restart its parts are new ones. */
export type FaultWorld = {
  readonly faulty: FaultyHost;
  readonly strategies: readonly string[];
  readonly plane: ControlPlane;
  readonly backstage: Backstage;
  /** Independent eyes on engine, venue and AppConfig. */
  readonly eyes: (strategy: string) => Observer;
  /** As it was when the host started. */
  readonly registration: (strategy: string) => Registration;
  /** After the host was started again. */
  refresh(): Promise<void>;
  /** Logs in again where that was a while ago. */
  renew(): Promise<void>;
  end(): Promise<void>;
};

export async function faultWorld(faulty: FaultyHost): Promise<FaultWorld> {
  let parts = await partsOf(faulty);
  const refresh = async () => {
    parts.behind.end();
    parts = await partsOf(faulty);
  };
  await storeArtifact(faulty.host().data);
  return {
    faulty,
    strategies: [...parts.eyes.keys()],
    get plane() {
      return parts.plane;
    },
    get backstage() {
      return parts.behind;
    },
    eyes: (strategy) => known(parts.eyes, strategy),
    registration: (strategy) => known(parts.registrations, strategy),
    refresh,
    async renew() {
      if (performance.now() - parts.madeAt > RENEW_AFTER_MS) await refresh();
    },
    async end() {
      parts.behind.end();
      await faulty.end();
    },
  };
}

async function partsOf(faulty: FaultyHost) {
  const host = faulty.host();
  const { engines } = Local.parse(JSON.parse(await readFile(join(host.data, 'local.json'), 'utf8')));
  const behind = await backstage(host.data, faulty.variable('COMMAND_KEY_ID'));
  const ofEach = async <T>(look: (strategy: string) => Promise<T>) =>
    new Map(await Promise.all(engines.map(async ({ strategyId: id }) => [id, await look(id)] as const)));
  const plane = await controlPlane(host);
  for (const as of ['trader', 'risk', 'auditor'] as const) await plane.tokenOf.user(as); // no kill waits for a login
  return {
    plane,
    madeAt: performance.now(),
    behind,
    eyes: await ofEach((id) => observer(host, id)),
    registrations: await ofEach(behind.registration),
  };
}

function known<T>(map: ReadonlyMap<string, T>, strategy: string): T {
  const found = map.get(strategy);
  if (!found) throw new Error(`there is no ${strategy} here`);
  return found;
}
