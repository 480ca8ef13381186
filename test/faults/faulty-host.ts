import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { freePort } from '../../local/dynamodb/free-port.ts';
import { stopOrphan } from '../../local/dynamodb/stop-orphan.ts';
import type { LocalHost } from '../../rehearsal/local-host.ts';
import { type AwsProxy, awsProxy } from './aws-proxy.ts';

/** The variables by which the functions know where services are. */
const SERVICES = {
  appconfig: 'AWS_ENDPOINT_URL_APPCONFIG',
  appconfigdata: 'AWS_ENDPOINT_URL_APPCONFIGDATA',
  dynamodb: 'AWS_ENDPOINT_URL_DYNAMODB',
  eventbridge: 'AWS_ENDPOINT_URL_EVENTBRIDGE',
  kms: 'AWS_ENDPOINT_URL_KMS',
  s3: 'AWS_ENDPOINT_URL_S3',
  secrets: 'AWS_ENDPOINT_URL_SECRETS_MANAGER',
  sfn: 'AWS_ENDPOINT_URL_SFN',
} as const;
export type Service = keyof typeof SERVICES;

const Ready = z.object({ url: z.url() });
const Told = z.object({ targets: z.record(z.string(), z.string()) });
const READY_MS = 60_000;

/** A local host, with engines and venues, whose surroundings can go wrong; it lives in `data`, which is removed with it. */
export type FaultyHost = {
  /** The present one: a restart makes another. */
  readonly host: () => LocalHost;
  readonly services: Readonly<Record<Service, AwsProxy>>;
  /** A variable of its functions, as the template gives it. */
  readonly variable: (name: string) => string;
  command(what: { clockMs?: number; identityIsAway?: boolean; coldKill?: boolean }): Promise<void>;
  /** SIGKILL: nothing can be tidied up. Engines and venues end with it. */
  crash(): Promise<void>;
  /** On the same data and port. */
  restart(): Promise<void>;
  end(): Promise<void>;
};

export async function startFaultyHost(data: string, options: readonly string[]): Promise<FaultyHost> {
  const services = await proxies();
  const variables: Record<string, string> = {};
  const onTargets = (targets: Record<string, string>) => {
    Object.assign(variables, targets);
    for (const [name, variable] of Object.entries(SERVICES)) {
      const url = targets[variable];
      if (url !== undefined) services[name as Service].leadTo(url);
    }
  };
  const port = await freePorts();
  const groups: number[] = [];
  const run = async () => {
    const started = await startProgram({ data, port, options, services }, onTargets);
    groups.push(started.host.pid);
    return started;
  };
  let running = await run();
  return {
    host: () => running.host,
    services,
    variable: (name) => variables[name] ?? '',
    async command(what) {
      const done = once(running.child, 'done');
      running.child.send(what);
      await done;
    },
    crash: () => stop(running.child, 'SIGKILL'),
    async restart() {
      running = await run();
    },
    async end() {
      await stop(running.child, 'SIGTERM');
      for (const group of groups) endGroup(group);
      await stopOrphan(join(data, 'dynamodb.db.pid'), join(data, 'dynamodb.db')); // of a host that was not started again
      await Promise.all(Object.values(services).map((service) => service.close()));
      await rm(data, { recursive: true, force: true });
    },
  };
}

async function proxies(): Promise<Record<Service, AwsProxy>> {
  const named = Object.keys(SERVICES).map(async (name) => [name, await awsProxy()] as const);
  return Object.fromEntries(await Promise.all(named)) as Record<Service, AwsProxy>;
}

/** A port whose next two are free too; the same after a restart, so that engines and tokens stay what they are. */
async function freePorts(): Promise<number> {
  for (;;) {
    const port = await freePort();
    const next = await Promise.all([port + 1, port + 2].map(isFree));
    if (next.every(Boolean)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  const free = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  server.close();
  return free;
}

type Program = {
  readonly data: string;
  readonly port: number;
  readonly options: readonly string[];
  readonly services: Readonly<Record<Service, AwsProxy>>;
};

async function startProgram(
  { data, port, options, services }: Program,
  onTargets: (targets: Record<string, string>) => void,
): Promise<{ child: ChildProcess; host: LocalHost }> {
  const startedAt = performance.now();
  const places = Object.entries(SERVICES).map(([name, variable]) => [
    variable,
    `http://127.0.0.1:${services[name as Service].port}`,
  ]);
  const program = ['test/faults/faulty-host-program.ts', JSON.stringify(Object.fromEntries(places))];
  const args = ['--port', String(port), '--data', data, '--json', ...options];
  const child = spawn(process.execPath, [...program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true, // a process group of its own: `end` reaches everything that it started
  });
  let log = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-20_000);
  });
  child.on('message', (message) => {
    const told = Told.safeParse(message).data;
    if (told) onTargets(told.targets);
    else child.emit('done');
  });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`the host ended:\n${log}`)));
  ended.catch(() => undefined);
  const lines = once(createInterface({ input: child.stdout ?? process.stdin }), 'line', {
    signal: AbortSignal.timeout(READY_MS),
  });
  const [line] = await Promise.race([lines, ended]);
  const { url } = Ready.parse(JSON.parse(String(line)));
  const close = () => stop(child, 'SIGTERM').then(() => ({ code: child.exitCode, forced: false }));
  const startedInMs = performance.now() - startedAt;
  return { child, host: { url, data, pid: child.pid ?? 0, startedInMs, log: () => log, close } };
}

async function stop(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}

/** Our own children and theirs; nothing when all have ended. */
function endGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
