import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import * as z from 'zod';
import { keepFile } from './keep-file.ts';

const PrivateKey = z.looseObject({
  kty: z.literal('RSA'),
  kid: z.string(),
  n: z.string(),
  e: z.string(),
  d: z.string(),
});

const IdentityKeys = z.object({
  /** Private keys that sign tokens; the first one is used. RS256, as Cognito does. */
  jwks: z.object({ keys: z.array(PrivateKey).min(1) }),
  /** Sign the cookies of the login pages. */
  cookieKeys: z.array(z.string()).min(1),
});
export type IdentityKeys = z.infer<typeof IdentityKeys>;

/** The keys of this installation, from `identity/keys.json` (0600); made at the first start. */
export function identityKeys(dataPath: string): Promise<IdentityKeys> {
  return keepFile(join(dataPath, 'identity', 'keys.json'), IdentityKeys, async () => ({
    jwks: { keys: [await signingKey()] },
    cookieKeys: [randomBytes(32).toString('base64url')],
  }));
}

async function signingKey() {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return PrivateKey.parse({
    ...(await exportJWK(privateKey)),
    kid: randomBytes(9).toString('base64url'),
    alg: 'RS256',
    use: 'sig',
  });
}

/** What anybody may know of them: the key set that tokens are checked with. */
export function publicKeys({ jwks }: IdentityKeys) {
  return { keys: jwks.keys.map(({ kty, kid, n, e }) => ({ kty, kid, n, e, alg: 'RS256', use: 'sig' })) };
}
