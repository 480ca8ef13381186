import { both, type Known, type Need } from './need.ts';
import { asFiled, citing, Filed } from './recorded.ts';
import type { SoundEntry } from './sound-log.ts';

/** Every file that an entry names with its digest, wherever in its payload that stands. */
export function filesIn({ entry }: Pick<SoundEntry, 'entry'>): Filed[] {
  const files: Filed[] = [];
  const open: unknown[] = [entry.payload];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const file = Filed.safeParse(value).data;
    if (file) files.push(file);
    open.push(...Object.values(value).filter((each) => each !== null && each !== undefined));
  }
  return files;
}

/** Every artefact that the entries of the run name is stored, and is what was recorded. */
export const stored: Need = (known) => both(...known.course.entries.map((each) => storedOf(each, known)));

function storedOf(each: SoundEntry, known: Known) {
  const files = filesIn(each).map((file) => asFiled(file, known));
  return files.length === 0 ? both() : both({ evidence: [citing(each)], missing: [] }, ...files);
}
