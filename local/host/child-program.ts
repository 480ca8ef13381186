import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import * as z from 'zod';

const Ready = z.object({ ready: z.literal(true), url: z.string(), faultUrl: z.string() });

export type ChildProgram = { readonly url: string; readonly faultUrl: string; stop(): Promise<void> };

export type ChildOptions = {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
  /** Its log lines are appended here. */
  readonly logFile: string;
  /** Told when it ends by itself. */
  readonly onExit: (problem: string) => void;
};

/** How long a program may take to end before it is killed, in milliseconds. */
const endPatienceMs = 3000;

/** Starts a program of this repository as a process of its own, and waits for its ready line. It ends when this process does. */
export async function startChild({ name, script, args, logFile, onExit }: ChildOptions): Promise<ChildProgram> {
  const log = openSync(logFile, 'a', 0o600);
  // a group of its own: Ctrl-C in the terminal must reach the host alone, which ends its programs in the right order
  const child = spawn(process.execPath, [script, ...args], { stdio: ['pipe', 'pipe', log], detached: true });
  closeSync(log);
  let stopping = false;
  const exited = once(child, 'exit').then(([code, signal]) => {
    if (!stopping) onExit(`the ${name} ended (${signal ?? `exit ${code}`}); see ${logFile}`);
  });
  const { url, faultUrl } = await readyLine(child, name, logFile);
  return {
    url,
    faultUrl,
    async stop() {
      stopping = true;
      child.kill('SIGTERM');
      const patience = setTimeout(() => child.kill('SIGKILL'), endPatienceMs);
      await exited;
      clearTimeout(patience);
    },
  };
}

async function readyLine({ stdout }: ChildProcess, name: string, logFile: string): Promise<z.infer<typeof Ready>> {
  if (!stdout) throw new Error(`the ${name} has no standard output`);
  for await (const line of createInterface({ input: stdout })) return Ready.parse(JSON.parse(line));
  throw new Error(`the ${name} did not start; ${logFile} says why`);
}
