import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { authenticatorOf } from '../fakes/passkeys.ts';

/** A data folder in which these demo users own authenticators, as the local host makes it. */
export function demoData(...names: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'demo-data-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'authenticators'));
  for (const name of names)
    writeFileSync(join(folder, 'authenticators', `${name}.json`), JSON.stringify(authenticatorOf(name)));
  return folder;
}
