import type { KeyObject } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { publicKeyOf } from './verify-signature.ts';

/** The devices that may halt, all of them, as each granted lease tells them. */
export const DeviceKeys = z.array(z.object({ keyid: z.string(), publicKey: z.string() })).max(1_000);
export type DeviceKeys = z.infer<typeof DeviceKeys>;

export type DeviceKeyStore = {
  find(keyid: string): KeyObject | undefined;
  /** What is not among them any more may not halt any more. */
  learn(keys: DeviceKeys): void;
};

/** Keeps the device keys in memory and, since they are for the day on which the control plane is away, on the disk. A file that cannot be read holds none. */
export function deviceKeyStore(folder: string): DeviceKeyStore {
  const file = join(folder, 'device-keys.json');
  let text = readText(file);
  let known = keysIn(text);
  return {
    find: (keyid) => known.get(keyid),
    learn(keys) {
      const next = JSON.stringify(keys);
      if (next === text) return;
      [text, known] = [next, keysIn(next)];
      mkdirSync(folder, { recursive: true });
      writeFileSync(`${file}.new`, next, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
  };
}

function keysIn(text: string): Map<string, KeyObject> {
  try {
    return new Map(DeviceKeys.parse(JSON.parse(text)).map(({ keyid, publicKey }) => [keyid, publicKeyOf(publicKey)]));
  } catch {
    return new Map(); // fail closed: what cannot be read lets nobody halt, and the kill key still does
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '[]';
  }
}
