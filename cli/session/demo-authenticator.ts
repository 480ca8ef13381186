import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { softwareAssertion } from '../../domain/crypto/software-authenticator.ts';
import { CliError } from '../cli-error.ts';
import { readJson } from './read-json.ts';
import { type LockOptions, lockSession } from './session-lock.ts';

const DemoAuthenticator = z.object({ id: z.string(), privateKey: z.string() });
export type DemoAuthenticator = z.infer<typeof DemoAuthenticator>;

/** Where a signature is to be given, as the control plane says. */
export type SignHere = { readonly challenge: string; readonly rpId: string; readonly origin: string };

const WAIT_MS = 5_000;

const pathOf = (dataPath: string, name: string, end: string) => join(dataPath, 'authenticators', `${name}.${end}`);

/** The software authenticator of a demo user, from `authenticators/<name>.json` of the data folder; undefined for everybody else. */
export async function demoAuthenticator(dataPath: string, name: string): Promise<DemoAuthenticator | undefined> {
  if (!/^[a-z0-9-]{1,40}$/.test(name)) return undefined; // no name of a file
  return readJson(pathOf(dataPath, name, 'json'), DemoAuthenticator);
}

/**
 * Signs a challenge as a browser and the authenticator of a demo user would. The counter beside the key rises before the
 * signature is given, one process at a time, so that no two carry the same.
 */
export async function demoAssertion(
  { dataPath, name, authenticator }: { dataPath: string; name: string; authenticator: DemoAuthenticator },
  { challenge, rpId, origin }: SignHere,
  { sleep, interrupted, waitMs = WAIT_MS }: Omit<LockOptions, 'waitMs'> & { readonly waitMs?: number },
) {
  const release = await lockSession(pathOf(dataPath, name, 'lock'), { sleep, waitMs, interrupted });
  if (!release)
    throw new CliError('usage', `another process is signing as ${name}`, 'try again in a moment', {
      code: 'AuthenticatorBusy',
    });
  try {
    const counter = await nextCounter(pathOf(dataPath, name, 'counter'));
    return softwareAssertion(authenticator, { type: 'webauthn.get', challenge, rpId, origin, counter });
  } finally {
    await release();
  }
}

async function nextCounter(path: string): Promise<number> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '0';
    throw error;
  });
  const next = z.coerce.number().int().min(0).parse(text.trim()) + 1;
  await writeFile(`${path}.next`, String(next), { mode: 0o600 });
  await rename(`${path}.next`, path);
  return next;
}
