import { generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { decodeJwt, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import * as z from 'zod';
import { session } from '../../cli/session/session.ts';
import { identityKeys } from '../../local/identity/identity-keys.ts';

export type DemoName = 'trader' | 'trader2' | 'risk' | 'risk2' | 'quant' | 'sre' | 'auditor';

const KnownUsers = z.array(z.object({ name: z.string(), subject: z.string() }));
const SCOPES = ['control-plane/read', 'control-plane/operate', 'control-plane/kill'];

/** Access tokens of one host: real ones of a login with one-time code, ones the issuer could have made, and forged ones. */
export function tokens(data: string) {
  const kept = new Map<DemoName, Promise<string>>();
  const logIn = async (as: DemoName) => {
    const outside = { now: () => new Date(), sleep: (ms: number) => delay(ms), tell: () => undefined };
    return (await session({ dataPath: data, as, configPath: data, scopes: SCOPES, ...outside })).token;
  };
  const user = (as: DemoName): Promise<string> => {
    const token = kept.get(as) ?? logIn(as);
    kept.set(as, token);
    return token;
  };
  const signedBy = (key: Parameters<SignJWT['sign']>[0], kid: string, claims: JWTPayload) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid }).sign(key);
  const issuersKey = async () => {
    const [key] = (await identityKeys(data)).jwks.keys;
    if (!key) throw new Error('the local identity provider has no key');
    return key;
  };
  const claimsOf = async (as: DemoName, changes: JWTPayload) => ({ ...decodeJwt(await user(as)), ...changes });

  return {
    user,
    /** The person behind the name, as ledgers know them. */
    async subjectOf(as: DemoName): Promise<string> {
      const users = KnownUsers.parse(JSON.parse(await readFile(join(data, 'demo-users.json'), 'utf8')));
      return users.find(({ name }) => name === as)?.subject ?? 'nobody';
    },
    /** The token that this person's login would have given with these claims: signed with the issuer's own key. */
    async issued(as: DemoName, changes: JWTPayload): Promise<string> {
      const key = await issuersKey();
      return signedBy(key, key.kid, await claimsOf(as, changes));
    },
    /** All claims as they should be, the key another: `kid` names the issuer's. */
    async forged(as: DemoName): Promise<string> {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      return signedBy(privateKey, (await issuersKey()).kid, await claimsOf(as, {}));
    },
    /** `alg: none`, and no signature. */
    unsigned: async (as: DemoName) => new UnsecuredJWT(await claimsOf(as, {})).encode(),
  };
}

export const secondsAgo = (seconds: number): number => Math.floor(Date.now() / 1000) - seconds;
