import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { problemLines, readYaml } from '../adapters/yaml/read-yaml.ts';

const Time = z.iso.datetime('a time in UTC like 2026-01-01T00:00:00Z');

const Key = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, '1 to 40 of a-z, 0-9 and -, starting with a letter'),
    use: z.enum(['manifest', 'ci']).default('manifest'),
    publicKey: z.string().refine(isEd25519, 'an Ed25519 public key as base64 DER SPKI'),
    holder: z.string().min(1).max(128),
    from: Time,
    until: Time.optional(),
    revokedAt: Time.optional(),
    reason: z.string().min(1).max(500).optional(),
  })
  .superRefine(({ from, until, revokedAt, reason }, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (until !== undefined && Date.parse(until) <= Date.parse(from)) refuse('until', 'it runs out before it begins');
    if (revokedAt !== undefined && reason === undefined) refuse('revokedAt', 'a key is revoked for a reason: say it');
  });
export type ManifestKeyConfig = z.infer<typeof Key>;

const ManifestKeysConfig = z.strictObject({ keys: z.array(Key).max(200) }).superRefine(({ keys }, context) => {
  for (const [index, key] of keys.entries()) {
    const earlier = keys.slice(0, index);
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: ['keys', index, path], message });
    if (earlier.some(({ id }) => id === key.id)) refuse('id', `${key.id} stands there twice`);
    if (earlier.some(({ publicKey }) => publicKey === key.publicKey))
      refuse('publicKey', 'this key stands there twice; what it is trusted for, and whose it is, has to be one thing');
  }
});

function isEd25519(text: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519';
  } catch {
    return false; // the schema says what is expected
  }
}

/** `config/manifest-keys.yaml`, checked. Throws with every mistake, each with its line. */
export function readManifestKeys(file: string): readonly ManifestKeyConfig[] {
  return parseManifestKeys(readFileSync(file, 'utf8'), file);
}

/** The same from text; `name` is what the error calls it. */
export function parseManifestKeys(text: string, name: string): readonly ManifestKeyConfig[] {
  const { value, problems } = readYaml(text, ManifestKeysConfig);
  if (problems) throw new Error(`${name} is not valid:\n${problemLines(name, problems)}`);
  return value.keys;
}
