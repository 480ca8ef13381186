import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Appends lines to `<name>.log` in the data folder, each with its time: what one looks at when something did not work. */
export function hostLog(dataPath: string, now: () => Date) {
  mkdirSync(dataPath, { recursive: true, mode: 0o700 });
  return (name: 'host' | 'lambda', line: string): void =>
    appendFileSync(join(dataPath, `${name}.log`), `${now().toISOString()} ${line}\n`, { mode: 0o600 });
}

export type HostLog = ReturnType<typeof hostLog>;
