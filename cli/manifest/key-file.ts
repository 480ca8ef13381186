import { generateKeyPairSync } from 'node:crypto';
import * as z from 'zod';
import { CliError } from '../cli-error.ts';
import { readSmallFile, writeNewFile } from './small-file.ts';

/** A key that signs manifests, on the machine of its holder. Whoever reads this file can approve changes. */
const KeyFile = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  /** Ed25519: PKCS #8 and SPKI, DER in base64. */
  privateKey: z.string(),
  publicKey: z.string(),
});
export type KeyFile = z.infer<typeof KeyFile>;

const MAX_BYTES = 4_096;

/** Makes a key and keeps it in a file of its own (0600). Refuses a file that is there. */
export async function makeKeyFile(path: string, id: string): Promise<KeyFile> {
  if (!KeyFile.shape.id.safeParse(id).success)
    throw new CliError('usage', `'${id}' is no id of a key`, 'give 1 to 40 of a-z, 0-9 and -, starting with a letter');
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = {
    id,
    privateKey: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  };
  await writeNewFile(path, `${JSON.stringify(key, null, 2)}\n`, 0o600);
  return key;
}

/** The key in a file. Refuses what is none, and says nothing of what is in it. */
export async function readKeyFile(path: string): Promise<KeyFile> {
  const text = (await readSmallFile(path, MAX_BYTES)).toString('utf8');
  const key = KeyFile.safeParse(jsonOf(text)).data;
  if (!key)
    throw new CliError(
      'usage',
      `${path} holds no key`,
      'make one: tradepulse-cli manifest keygen --id <id> --file <path>',
    );
  return key;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // then it is no key either
  }
}
