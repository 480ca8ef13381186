import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** Appends one JSON line per event, retry and drop: the record a person reads to see what was sent. Deliveries do not depend on it. */
export function captureTo(path: string): (line: Record<string, unknown>) => void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return (line) => appendFileSync(path, `${JSON.stringify(line)}\n`, { mode: 0o600 });
}
