import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { keepFile } from '../identity/keep-file.ts';

const Installation = z.object({
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  /** Signs the manifests of the demo strategies: PKCS #8 and SPKI, DER in base64. */
  manifestKey: z.object({ privateKey: z.string(), publicKey: z.string() }),
  /** Everything that is one secret per name: engine clients, keys of venues. Derived from this one by name. */
  seed: z.string(),
});

/** The secrets of this installation: made at the first start, never in the repository. */
export type Installation = z.infer<typeof Installation>;

/** Reads `installation.json` of the data folder (0600), or makes it. */
export function installationOf(dataPath: string): Promise<Installation> {
  const make = async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    return {
      accessKeyId: `AKIA${randomLetters(16)}`,
      secretAccessKey: randomBytes(30).toString('base64'),
      manifestKey: {
        privateKey: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
        publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
      },
      seed: randomBytes(32).toString('base64url'),
    };
  };
  // new secrets alone would not do: what the old ones signed and opened (manifests, venues) is kept in other files
  return keepFile(join(dataPath, 'installation.json'), Installation, make, 'begin anew with --fresh');
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const randomLetters = (count: number) => [...randomBytes(count)].map((byte) => base32[byte % 32]).join('');
