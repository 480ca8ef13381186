import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import * as z from 'zod';

const Ready = z.object({ ready: z.literal(true), url: z.string(), faultUrl: z.string() });
const Said = z.object({ detail: z.string() });

export type ChildProgram = { readonly url: string; readonly faultUrl: string; stop(): Promise<void> };

export type ChildOptions = {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
  /** Its log lines are appended here. */
  readonly logFile: string;
  /** Told when it ends by itself after it was ready. */
  readonly onExit: (problem: string) => void;
  /** How long it may take until its ready line, and after SIGTERM to its end, before it is killed. */
  readonly patience?: { readonly readyMs: number; readonly endMs: number };
};

const usualPatience = { readyMs: 20_000, endMs: 3000 };

/** Starts a program of this repository as a process of its own, and waits for its ready line. It ends when this process does. */
export async function startChild(options: ChildOptions): Promise<ChildProgram> {
  const { name, logFile, onExit, patience = usualPatience } = options;
  const { child, exited, logged } = launch(options);
  let watched = false;
  void exited.then((how) => watched && onExit(`the ${name} ended (${how}); see ${logFile}`));
  const stop = () => {
    watched = false;
    return end(child, exited, patience.endMs);
  };
  try {
    const { url, faultUrl } = await readyLine(child, patience.readyMs);
    watched = true;
    return { url, faultUrl, stop };
  } catch (cause) {
    await stop();
    const reason = lastWords(logFile, logged) ?? (cause instanceof Error ? cause.message : String(cause));
    throw new Error(`the ${name} did not start: ${reason} (see ${logFile})`, { cause });
  }
}

function launch({ script, args, logFile }: ChildOptions) {
  const log = openSync(logFile, 'a', 0o600);
  const logged = fstatSync(log).size;
  // a group of its own: Ctrl-C in the terminal must reach the host alone, which ends its programs in the right order
  const child = spawn(process.execPath, [script, ...args], { stdio: ['pipe', 'pipe', log], detached: true });
  closeSync(log);
  const { promise: exited, resolve } = Promise.withResolvers<string>();
  child.once('exit', (code, signal) => resolve(signal ?? `exit ${code}`));
  child.once('error', (error) => resolve(error.message)); // it could not even be started
  return { child, exited, logged };
}

async function end(child: ChildProcess, exited: Promise<string>, patienceMs: number): Promise<void> {
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  await exited;
  clearTimeout(patience);
}

async function readyLine({ stdout }: ChildProcess, patienceMs: number): Promise<z.infer<typeof Ready>> {
  if (!stdout) throw new Error('it has no standard output');
  const tooLate = AbortSignal.timeout(patienceMs);
  for await (const line of createInterface({ input: stdout, signal: tooLate })) return readyIn(line);
  throw new Error(tooLate.aborted ? `it was not ready after ${patienceMs / 1000} s` : 'it ended');
}

function readyIn(line: string): z.infer<typeof Ready> {
  try {
    return Ready.parse(JSON.parse(line));
  } catch (cause) {
    throw new Error(`it said ${JSON.stringify(line.slice(0, 200))} where its ready line belongs`, { cause });
  }
}

/** Why it ended, as its own last log line says; undefined when it said nothing since it was started. */
function lastWords(logFile: string, since: number): string | undefined {
  const last = readFileSync(logFile).subarray(since).toString('utf8').trim().split('\n').at(-1);
  try {
    return Said.parse(JSON.parse(last ?? '')).detail;
  } catch {
    return last || undefined; // not one of our log lines: what Node itself says of a crash
  }
}
