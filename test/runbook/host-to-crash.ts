import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import type { LocalHost } from '../../rehearsal/local-host.ts';

const Ready = z.object({ url: z.url() });

/** A host that can be killed as by a power cut, and started again on the same data folder. */
export type HostToCrash = {
  /** Starts it, or starts it again: another process, the same folder; with further options of the host. */
  start(...options: readonly string[]): Promise<LocalHost>;
  /** SIGKILL to the host process alone: nothing can be tidied up. */
  crash(): Promise<void>;
  /** Ends whatever it started, and removes the folder. */
  end(): Promise<void>;
};

export async function hostToCrash(): Promise<HostToCrash> {
  const data = await mkdtemp(join(tmpdir(), 'tradepulse-crash-'));
  const groups: number[] = [];
  let running: ChildProcess | undefined;
  const stop = async (signal: 'SIGKILL' | 'SIGTERM') => {
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const exit = once(running, 'exit');
    running.kill(signal);
    await exit;
  };
  return {
    async start(...options) {
      const startedAt = performance.now();
      const child = spawn(
        process.execPath,
        ['bin/tradepulse-local.ts', '--port', '0', '--data', data, '--json', ...options],
        {
          stdio: ['ignore', 'pipe', 'pipe'],
          detached: true, // a process group of its own: `end` reaches everything that it started
        },
      );
      running = child;
      groups.push(child.pid ?? 0);
      let log = '';
      child.stderr.on('data', (chunk: Buffer) => {
        log += chunk.toString();
      });
      const ended = once(child, 'exit').then(() => Promise.reject(new Error(`the host did not start:\n${log}`)));
      ended.catch(() => undefined);
      const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended]);
      const { url } = Ready.parse(JSON.parse(String(line)));
      const close = () => stop('SIGTERM').then(() => ({ code: child.exitCode, forced: false }));
      return { url, data, pid: child.pid ?? 0, startedInMs: performance.now() - startedAt, log: () => log, close };
    },
    crash: () => stop('SIGKILL'),
    async end() {
      await stop('SIGTERM');
      for (const group of groups.filter((pid) => pid > 0)) killGroup(group);
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** Our own children and theirs; nothing when all have ended. */
function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
