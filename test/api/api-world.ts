import { readSignature } from '../../adapters/http-signature/read-signature.ts';
import { commandApp } from '../../api/command-app.ts';
import type { ApiPorts } from '../../api/control-api.ts';
import { deviceKillApp } from '../../api/device-kill-app.ts';
import { guardrailsApp } from '../../api/guardrails-app.ts';
import { killApp } from '../../api/kill-app.ts';
import { launchApp } from '../../api/launch-app.ts';
import { leaseApp } from '../../api/lease-app.ts';
import { ledgerApp } from '../../api/ledger-app.ts';
import { monitorApp } from '../../api/monitor-app.ts';
import { pageApp } from '../../api/page-app.ts';
import { queryApp } from '../../api/query-app.ts';
import { recoveryApp } from '../../api/recovery-app.ts';
import { reviewApp } from '../../api/review-app.ts';
import { signApp } from '../../api/sign-app.ts';
import type { Caller } from '../../domain/approval/caller.ts';
import { ActorId } from '../../domain/ids.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { DeviceKey } from '../../domain/signature/credential.ts';
import { checkpointWorld } from '../fakes/fake-checkpoints.ts';
import { person, REGISTRATION, STRATEGY, world } from '../fakes/world.ts';

const people: Record<string, Caller> = {
  trader: person('trader', 'execution-trader'),
  risk: person('risk', 'risk-officer'),
  auditor: person('auditor', 'auditor'),
  quant: person('quant', 'quant'),
  sre: person('sre', 'sre'),
  reader: { ...person('reader', 'execution-trader'), scopes: ['control-plane/read'] },
  stale: { ...person('trader', 'execution-trader'), authTime: 0 },
  'client-btc-momentum-1': {
    subject: ActorId.parse('client-btc-momentum-1'),
    roles: [],
    scopes: ['engine/lease'],
    amr: [],
  },
};

/** The apps over one world of fakes; a bearer token is the name of a person. */
export function apiWorld() {
  const made = world();
  const lines: Record<string, unknown>[] = [];
  let ids = 0;
  const verifyToken = async (token: string | undefined): Promise<Caller> => {
    if (token === undefined) throw new Refusal('TokenMissing', 'no token', 'log in');
    if (token === 'expired') throw new Refusal('TokenExpired', 'expired', 'log in');
    const caller = people[token];
    if (!caller) throw new Refusal('TokenInvalid', 'not valid', 'log in');
    return caller;
  };
  const ports: ApiPorts & Omit<typeof made.ports, keyof ApiPorts> = {
    ...made.ports,
    verifyToken,
    verifyEngineToken: verifyToken,
    log: (line) => lines.push(line),
    randomId: () => {
      ids += 1;
      return `random-${ids}`;
    },
  };
  const { checkpoints, archive, keys } = checkpointWorld(made.store, made.ports.now).ports;
  const signing = { checkpoints, archive, keys };
  const killPorts = {
    ...made.ports,
    registrationOf: async (id: string) => (id === STRATEGY ? REGISTRATION : undefined),
    registrations: async () => [REGISTRATION],
    verifyToken,
    log: ports.log,
    randomId: ports.randomId,
    recordRefusal: async (caller: Caller, attempted: { method: string; path: string }, refusal: Refusal) => {
      const { recordRefusal } = await import('../../domain/access/record-refusal.ts');
      await recordRefusal(caller, attempted, refusal, made.ports);
    },
  };
  const shipped: DeviceKey[] = [];
  const nonces = new Set<string>();
  const deviceKillPorts = {
    ...killPorts,
    readSignature,
    deviceKeyOf: async (id: string) => {
      const found = await made.store.get('CREDENTIAL', id);
      return found?.type === 'device-key' ? found : undefined;
    },
    takeNonce: async (id: string) => nonces.size < nonces.add(id).size,
  };
  const apps = {
    'device-kill': deviceKillApp(deviceKillPorts),
    command: commandApp({ ...ports, shipDeviceKey: async (key) => void shipped.push(key) }),
    launch: launchApp({ ...ports, manifests: ports.evidence }),
    guardrails: guardrailsApp({ ...ports, riskLimits: ports.evidence }),
    query: queryApp(ports),
    monitor: monitorApp({ ...made.ports, ...ports, portfolio: ports.evidence }),
    recovery: recoveryApp({ ...ports, incidents: ports.evidence }),
    review: reviewApp(ports),
    ledger: ledgerApp({ ...ports, ...signing }),
    kill: killApp(killPorts),
    page: pageApp(),
    sign: signApp({
      ...ports,
      webauthn: made.ports.webauthn,
      randomSecret: () => `secret-${ports.randomId()}`.padEnd(44, 'A').slice(0, 43),
    }),
    lease: leaseApp({ ...ports, elapsedMs: made.ports.elapsedMs, deviceKeys: () => undefined }),
  };
  const send = (
    app: keyof typeof apps,
    path: string,
    options: {
      as?: string;
      body?: unknown;
      raw?: string;
      headers?: Record<string, string>;
      env?: object;
      method?: 'GET';
    } = {},
  ) => {
    const headers = {
      'content-type': 'application/json',
      ...(options.as !== undefined && { authorization: `Bearer ${options.as}` }),
      ...options.headers,
    };
    const body = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
    return apps[app].request(
      path,
      options.method === 'GET' || (body === undefined && (app === 'query' || app === 'ledger'))
        ? { headers }
        : { method: 'POST', headers, body: body ?? null },
      options.env,
    );
  };
  return { ...made, ports, signing, lines, shipped, send };
}

export type ApiWorld = ReturnType<typeof apiWorld>;
