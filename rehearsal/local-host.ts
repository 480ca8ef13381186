import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
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

/**
 * Starts a local host in a fresh folder and waits for its ready line. Refuses when it ends or says nothing in 30 s.
 * `command` is what starts it, e.g. `npm start --silent --`, to measure that too.
 */
export async function startLocalHost([program, ...args]: readonly [string, ...string[]] = HOST): Promise<LocalHost> {
  const data = await mkdtemp(join(tmpdir(), 'tradepulse-rehearsal-'));
  const startedAt = performance.now();
  // a process group of its own: Ctrl-C reaches us first, and nothing that the host started can outlive the rehearsal
  const child = spawn(program, [...args, '--port', '0', '--data', data, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-20_000);
  });
  const pid = child.pid ?? 0;
  const close = async () => {
    const forced = await stopProcess(child, pid);
    await rm(data, { recursive: true, force: true });
    return { code: child.exitCode, forced };
  };
  try {
    const url = await readyUrl(child, () => log);
    return { url, data, pid, startedInMs: performance.now() - startedAt, log: () => log, close };
  } catch (error) {
    await close();
    throw error;
  }
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

async function stopProcess(child: Child, pid: number): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null) return false;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const late = delay(STOP_MS, 'late' as const, { ref: false });
  if ((await Promise.race([exit, late])) !== 'late') return false;
  process.kill(-pid, 'SIGKILL');
  await exit;
  return true;
}
