import { randomUUID } from 'node:crypto';
import { run } from '../../cli/run.ts';
import type { Surroundings } from '../../cli/surroundings.ts';

export type Ran = { code: number; stdout: string; stderr: string; lines: unknown[] };

/** Runs one command line in this process with captured streams; time passes at once. `lines` is stdout read as jsonl. */
export async function runCommand(
  args: string[],
  more: Partial<Surroundings> & { terminal?: boolean } = {},
): Promise<Ran> {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) => ({
    isTTY: more.terminal ?? false,
    write(text: string) {
      written[name] += text;
    },
  });
  let elapsed = 0;
  const code = await run(args, {
    ...{ stdout: stream('stdout'), stderr: stream('stderr'), env: {}, interrupted: new AbortController().signal },
    ...{ now: () => new Date('2026-11-23T14:05:09Z'), newKey: () => randomUUID() },
    ...{ ask: async () => undefined, accessToken: async () => 'a-token', openBrowser: () => undefined },
    elapsedMs: () => elapsed,
    sleep(ms) {
      elapsed += ms;
      return new Promise(setImmediate);
    },
    ...more,
  });
  return {
    code,
    ...written,
    get lines() {
      return written.stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as unknown);
    },
  };
}
