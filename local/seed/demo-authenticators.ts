import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { coseOfP256 } from '../../domain/crypto/cose-key.ts';
import type { DemoUser } from '../identity/demo-user.ts';
import { keepFile } from '../identity/keep-file.ts';

/** An authenticator in software of a demo user. Whoever reads its file can sign as them: it proves nothing about a person. */
const DemoAuthenticator = z.object({
  name: z.string(),
  subject: z.string(),
  /** The credential id, base64url. */
  id: z.string(),
  /** P-256, PKCS #8, DER in base64. */
  privateKey: z.string(),
  /** COSE_Key, base64url. */
  publicKey: z.string(),
});
export type DemoAuthenticator = z.infer<typeof DemoAuthenticator>;

/** The authenticators of the demo users, each in `authenticators/<name>.json` (0600), where the command line finds them; made at the first start. */
export const demoAuthenticators = (dataPath: string, users: readonly DemoUser[]): Promise<DemoAuthenticator[]> =>
  Promise.all(
    users.map(({ name, subject }) =>
      keepFile(
        join(dataPath, 'authenticators', `${name}.json`),
        DemoAuthenticator,
        async () => ({ name, subject, ...newKey() }),
        'begin anew with --fresh',
      ),
    ),
  );

function newKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  return {
    id: randomBytes(32).toString('base64url'),
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    publicKey: coseOfP256(Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')).toString('base64url'),
  };
}
