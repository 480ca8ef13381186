import * as z from 'zod';
import type { Ports } from '../ports/ports.ts';
import type { StoredEntry } from './stored-entry.ts';

const Ref = z.object({ key: z.string(), hash: z.string() });
type Ref = z.infer<typeof Ref>;

const MOST_LEVELS = 6;

/** Every file that these entries name with its digest, once each. */
export function evidenceRefs(entries: readonly StoredEntry[]): Ref[] {
  const found = entries.flatMap(({ entry }) => refsIn(entry.payload, 1));
  return [...new Map(found.map((ref) => [`${ref.key}#${ref.hash}`, ref])).values()];
}

function refsIn(value: unknown, level: number): Ref[] {
  if (typeof value !== 'object' || value === null || level > MOST_LEVELS) return [];
  const { data: ref } = Ref.safeParse(value);
  return ref ? [ref] : Object.values(value).flatMap((each) => refsIn(each, level + 1));
}

/** In words, each file that the ledger names and that is not stored as it was. */
export async function missingEvidence(
  entries: readonly StoredEntry[],
  { evidence }: { readonly evidence: Pick<Ports['evidence'], 'read'> },
): Promise<string[]> {
  const judged = await Promise.all(
    evidenceRefs(entries).map(async ({ key, hash }) => {
      const document = await evidence.read(key);
      if (!document) return [`${key} is not there`];
      return document.hash === hash ? [] : [`${key} is ${document.hash}, and the ledger says ${hash}`];
    }),
  );
  return judged.flat();
}
