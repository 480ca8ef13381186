import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const bin = (name: string) => join(import.meta.dirname, `../../../bin/${name}.ts`);

/** A host as `npm start` runs it. End it with `stop`, whatever happens. */
export function hostProcess(...args: string[]) {
  const child = spawn(process.execPath, [bin('tradepulse-local'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  child.stderr.on('data', (chunk: Buffer) => {
    said.stderr += String(chunk);
  });
  const lines = createInterface({ input: child.stdout }).on('line', (line) => {
    said.stdout += `${line}\n`;
  });
  const ended = once(child, 'exit').then(([code, signal]): unknown => signal ?? code);
  return {
    said,
    /** The exit code, or the signal that ended it. */
    ended,
    /** The first line on stdout; rejects when it ends before. */
    async firstLine(): Promise<string> {
      const first = once(lines, 'line').then(([line]) => String(line));
      const early = ended.then((how) => Promise.reject(new Error(`it ended with ${how}: ${said.stderr}`)));
      early.catch(() => undefined);
      return Promise.race([first, early]);
    },
    stop(signal: NodeJS.Signals = 'SIGINT') {
      child.kill(signal);
      return ended;
    },
  };
}
export type HostProcess = ReturnType<typeof hostProcess>;

/** What runs on this machine with the path in its command line: the host, its store, engine and venue. */
export async function processesWith(path: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-axww', '-o', 'pid=,command=']);
  return stdout.split('\n').filter((line) => line.includes(path));
}

/** One command of the command line, its results as objects. */
export async function commandLine(data: string, ...args: string[]): Promise<Record<string, unknown>[]> {
  const all = [bin('tradepulse-cli'), ...args, '--data', data, '--output', 'jsonl'];
  const { stdout } = await promisify(execFile)(process.execPath, all);
  const lines = stdout.split('\n').filter(Boolean);
  return lines.map((line): Record<string, unknown> => JSON.parse(line));
}
