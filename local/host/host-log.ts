import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Appends lines to `<name>.log` in the data folder, each with its time: what one looks at when something did not work. A line that
 * cannot be written, on a full disk, is lost, and the next one that can be says so: nobody is left without a kill for want of a log.
 */
export function hostLog(dataPath: string, now: () => Date) {
  mkdirSync(dataPath, { recursive: true, mode: 0o700 });
  const lost = { host: 0, lambda: 0 };
  return (name: 'host' | 'lambda', line: string): void => {
    const gap = lost[name] > 0 ? `${now().toISOString()} ${lost[name]} lines could not be written\n` : '';
    try {
      appendFileSync(join(dataPath, `${name}.log`), `${gap}${now().toISOString()} ${line}\n`, { mode: 0o600 });
      lost[name] = 0;
    } catch (error) {
      if (!(error instanceof Error && 'syscall' in error)) throw error;
      lost[name] += 1;
    }
  };
}

export type HostLog = ReturnType<typeof hostLog>;
