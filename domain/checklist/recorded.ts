import * as z from 'zod';
import { Digest } from '../ids.ts';
import type { Evidence } from './checklist.ts';
import { both, found, type Known, lacking, type Need, type Proof } from './need.ts';
import type { SoundEntry } from './sound-log.ts';

/** What is wrong with an entry for what it is to show, in words; nothing when it shows it. */
export type Judge = (entry: SoundEntry['entry'], known: Known) => string | undefined;

/** Which entry is meant: its type, of which run where several may stand there, and what it has to say. */
export type Wanted = { readonly type: string; readonly run?: string; readonly says?: Judge };

export const citing = ({ index, leafHash, entry }: SoundEntry): Evidence => ({
  hash: leafHash,
  source: `ledger ${entry.log}/${index} ${entry.type}`,
  at: entry.at,
});

/** The newest entry of a type, of a run where one is named. */
export const newest = ({ course }: Known, { type, run }: Wanted): SoundEntry | undefined =>
  course.entries.findLast(({ entry }) => entry.type === type && (run === undefined || entry.run === run));

/** The newest entry of that type stands in the log and says what it has to. */
export const recorded =
  (wanted: Wanted): Need =>
  (known) =>
    proofOf(known, wanted, newest(known, wanted));

function proofOf(known: Known, { type, says }: Wanted, entry: SoundEntry | undefined): Proof {
  if (!entry) return lacking(`the log has no entry ${type} of this run`);
  const wrong = says?.(entry.entry, known);
  return wrong === undefined ? found(citing(entry)) : lacking(`${type}: ${wrong}`);
}

/** A file as entries name one. */
export const Filed = z.object({ key: z.string(), hash: Digest });
export type Filed = z.infer<typeof Filed>;

/** A file that an entry names stands in the evidence bucket, and its bytes have the digest that the entry gives. */
export const filed =
  (wanted: Wanted & { readonly at: string }): Need =>
  (known) => {
    const entry = newest(known, wanted);
    const proof = proofOf(known, wanted, entry);
    if (!entry || proof.missing.length > 0) return proof;
    const { data } = Filed.safeParse(entry.entry.payload[wanted.at]);
    if (!data) return both(proof, lacking(`${wanted.type} names no file as ${wanted.at}`));
    return both(proof, asFiled(data, known));
  };

/** The file is there and is the one that was recorded. */
export function asFiled({ key, hash }: Filed, { facts }: Known): Proof {
  const now = Object.hasOwn(facts.files, key) ? facts.files[key] : undefined;
  if (!now) return lacking(`${key} is not there`);
  if (now.hash !== hash) return lacking(`${key} is not the file that was recorded: ${now.hash}, recorded was ${hash}`);
  return found({ hash, source: key, at: now.storedAt });
}
