import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';

const Ready = z.looseObject({ url: z.url() });

/** A local control plane of its own: fresh data folder, free port, its own processes. */
export type LocalHost = {
  readonly url: string;
  readonly data: string;
  readonly pid: number;
  /** From the start of the process to its ready line. */
  readonly startedInMs: number;
  /** What the host has said on stderr so far, for the report of a failure. */
  log(): string;
  /** Asks the host to stop, waits for it, and removes its data. Says how it ended. */
  close(): Promise<{ code: number | null; forced: boolean }>;
};

const READY_MS = 30_000;
const STOP_MS = 10_000;

const HOST = [process.execPath, 'bin/tradepulse-local.ts'] as const;

export type LocalHostOptions = {
  /** What starts it, e.g. `npm start --silent --`, to measure that too. */
  readonly command?: readonly [string, ...string[]];
  /** Further options of the host. */
  readonly options?: readonly string[];
  /** Ends the waiting, and the host, early. */
  readonly interrupted?: AbortSignal;
};

/** Starts a local host in a fresh folder and waits for its ready line. Refuses when it ends, says nothing in 30 s, or is interrupted. */
export async function startLocalHost({
  command = HOST,
  options = [],
  interrupted,
}: LocalHostOptions = {}): Promise<LocalHost> {
  const [program, ...args] = command;
  const data = await mkdtemp(join(tmpdir(), 'tradepulse-rehearsal-'));
  const startedAt = performance.now();
  // a process group of its own: Ctrl-C reaches us first, and we end the host in good order
  const child = spawn(program, [...args, '--port', '0', '--data', data, '--json', ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-20_000);
  });
  const pid = child.pid ?? 0;
  const close = async () => {
    const forced = await stopProcess(child, pid, data);
    await rm(data, { recursive: true, force: true });
    return { code: child.exitCode, forced };
  };
  try {
    const url = await Promise.race([readyUrl(child, () => log), ...(interrupted ? [untilAborted(interrupted)] : [])]);
    return { url, data, pid, startedInMs: performance.now() - startedAt, log: () => log, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Rejects when the signal is given, or was given already. */
export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const interrupt = () => reject(new Error('interrupted'));
    if (signal.aborted) interrupt();
    signal.addEventListener('abort', interrupt, { once: true });
  });
}

type Child = ReturnType<typeof spawn>;

async function readyUrl(child: Child, log: () => string): Promise<string> {
  const lines = createInterface({ input: child.stdout ?? process.stdin });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the local host ended with ${code} before it was ready:\n${log()}`);
  });
  const late = delay(READY_MS, undefined, { ref: false }).then(() => {
    throw new Error(`the local host was not ready after ${READY_MS / 1000} s:\n${log()}`);
  });
  ended.catch(() => {}); // a later end is told by close()
  late.catch(() => {});
  const ready = new Promise<string>((resolve) => {
    lines.on('line', (line) => {
      const { data } = Ready.safeParse(jsonOf(line));
      if (data) resolve(data.url);
    });
  });
  return Promise.race([ready, ended, late]);
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

async function stopProcess(child: Child, pid: number, data: string): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null) return false;
  const ended = once(child, 'close'); // its pipes too: with npm in between, the host ends after the child
  child.kill('SIGTERM');
  const late = delay(STOP_MS, 'late' as const, { ref: false });
  if ((await Promise.race([ended, late])) !== 'late') return false;
  process.kill(-pid, 'SIGKILL');
  await endStore(data);
  await ended;
  return true;
}

/** The store is in a process group of its own, so that a Ctrl-C never reaches it; its host can end it no more. */
async function endStore(data: string): Promise<void> {
  const pid = Number(await readFile(join(data, 'dynamodb.db.pid'), 'utf8').catch(() => Number.NaN));
  if (pid > 1) process.kill(pid, 'SIGKILL');
}
