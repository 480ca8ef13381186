import { canonicalJson } from '../ledger/canonical-json.ts';
import type { Ports } from '../ports/ports.ts';
import { IssuerKeys } from './issuer-keys.ts';

/** Keeps the identity provider's keys where a kill finds them when the provider is away; writes only what has changed. Throws what the provider or the store throws, and a ZodError for what is no key set. */
export async function keepIssuerKeys({
  issuerKeys,
  records,
  now,
}: Pick<Ports, 'issuerKeys' | 'records' | 'now'>): Promise<boolean> {
  const [published, kept] = await Promise.all([issuerKeys(), records.get('ISSUER', 'issuer')]);
  const { keys } = IssuerKeys.pick({ keys: true }).parse(published);
  if (kept && canonicalJson(kept.keys) === canonicalJson(keys)) return false;
  await records.put({ kind: 'ISSUER', record: { id: 'issuer', keys, at: now().toISOString() } });
  return true;
}
