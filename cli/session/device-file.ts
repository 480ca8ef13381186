import { createPrivateKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { type RequestSigner, type SignedHeaders, signedHeaders } from '../../domain/crypto/sign-request.ts';
import type { SignCall } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { deviceFolder, jsonFilesIn, writeOwnFile } from './device-folder.ts';
import { readJson } from './read-json.ts';

/** The key of a device on this machine. Whoever reads this file can kill, and nothing else. */
const DeviceFile = z.object({
  name: z.string(),
  /** Whose kills it makes on a local installation: the user that `--as` names. */
  as: z.string().optional(),
  /** Made for a button: never used by a command that does not name it. */
  button: z.boolean().default(false),
  /** Ed25519: PKCS #8 and SPKI, DER in base64. */
  privateKey: z.string(),
  publicKey: z.string(),
});
export type DeviceFile = z.infer<typeof DeviceFile>;

type Here = Pick<Context, 'options' | 'surroundings'>;

const keysFolder = (context: Here): string => join(deviceFolder(context), 'keys');
export const deviceFilePath = (context: Here, name: string): string => join(keysFolder(context), `${name}.json`);

/** Makes a key and keeps it, before anybody hears of it. Refuses a name for which there is one: it may be enrolled somewhere. */
export async function makeDevice(
  context: Here,
  { name, button }: { name: string; button: boolean },
): Promise<DeviceFile> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { as } = context.options;
  const device: DeviceFile = {
    name,
    ...(as !== undefined && { as }),
    button,
    privateKey: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  };
  await writeOwnFile(deviceFilePath(context, name), device, { once: true });
  return device;
}

/** The key of this name. */
export const readDevice = (context: Here, name: string): Promise<DeviceFile | undefined> =>
  readJson(deviceFilePath(context, name), DeviceFile);

/**
 * The key to kill with: the one that is named, else the first one of the person who acts. Refuses a name that is not there; a
 * file that cannot be read is passed over where none was named.
 */
export async function deviceToKillWith(context: Here, name?: string): Promise<DeviceFile | undefined> {
  if (name !== undefined) return (await readDevice(context, name)) ?? missing(context, name);
  const files = await jsonFilesIn(keysFolder(context));
  const devices = await Promise.all(
    files.map((file) => readDevice(context, file.replace(/\.json$/, '')).catch(() => undefined)),
  );
  return devices.find((each) => each && !each.button && each.as === context.options.as);
}

function missing(context: Here, name: string): never {
  throw new CliError(
    'usage',
    `this machine holds no key of a device ${name}`,
    `look into ${keysFolder(context)}, or make one: tradepulse-cli device create --name ${name}`,
    { code: 'DeviceKeyMissing' },
  );
}

/** Signs a request as the device, at this moment, with a fresh nonce. */
export function signAsDevice(
  { name, privateKey }: DeviceFile,
  { url, body }: { url: string; body: string },
  { now }: Pick<Context['surroundings'], 'now'>,
): Promise<SignedHeaders> {
  const key = createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' });
  const signer: RequestSigner = { keyid: `device:${name}`, sign: async (data) => sign(null, data, key) };
  const request = { method: 'POST', targetUri: url, body: new TextEncoder().encode(body) } as const;
  return signedHeaders(request, signer, { now: now(), nonce: randomUUID() });
}

/** What lets an API client sign instead of carrying a token. */
export const signingAs =
  (device: DeviceFile, surroundings: Pick<Context['surroundings'], 'now'>): SignCall =>
  async (call) =>
    (await signAsDevice(device, call, surroundings)).headers;
