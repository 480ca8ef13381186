import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { openBrowser } from './session/open-browser.ts';
import type { Surroundings } from './surroundings.ts';

/** The surroundings of a real process. A first Ctrl-C ends the following of something, a second one the process. */
export function processSurroundings({ stdin, stdout, stderr, env }: NodeJS.Process): Surroundings {
  const interruption = new AbortController();
  process.once('SIGINT', () => interruption.abort());
  stdout.on('error', endQuietly); // `| head` closes the pipe early
  const outside = {
    stdout,
    stderr,
    env,
    now: () => new Date(),
    elapsedMs: () => performance.now(),
    newKey: randomUUID,
    sleep: (ms: number) => delay(ms, undefined, { signal: interruption.signal }).catch(() => undefined),
    async ask(question: string) {
      if (!stdin.isTTY || !stderr.isTTY) return undefined;
      const lines = createInterface({ input: stdin, output: stderr });
      try {
        return await lines.question(question, { signal: interruption.signal });
      } finally {
        lines.close();
      }
    },
    openBrowser,
    interrupted: interruption.signal,
  };
  return {
    ...outside,
    async accessToken(need) {
      const { accessToken } = await import('./access-token.ts');
      return accessToken(need, outside);
    },
  };
}

function endQuietly(error: NodeJS.ErrnoException): void {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
}
