import type { Run } from '../control-record.ts';
import type { RunId } from '../ids.ts';
import type { EvidenceDocument } from '../ports/evidence.ts';
import type { Ports } from '../ports/ports.ts';
import { runKey } from '../run-key.ts';
import { isNamed, pathsOf } from './archive-folder.ts';
import { writeFirst } from './write-first.ts';

/** What a stop files about the whole trading run. */
const OF_THE_RUN = ['settle.json', 'settle.log'];

/** The records of the runs that belong to a trading run; what is no run of ours is left out. */
export async function runsNamed(ids: readonly RunId[], { records }: Pick<Ports, 'records'>): Promise<Run[]> {
  const runs = await Promise.all(ids.map((id) => records.get('RUN', id)));
  return runs.filter((each) => each !== undefined);
}

/**
 * Brings what the other runs of a trading run have filed into its folder, byte for byte and once: histories to `executions/`, the settlement of the
 * last stop to the top, all else below `runs/<run>/`. What came meanwhile is brought by the next call: also the settlement of a stop that came after
 * the one at the top, which stays there.
 */
export async function copyRuns(trading: Run, others: readonly Run[], ports: Pick<Ports, 'evidence'>): Promise<void> {
  const lastStop = others.findLast(({ machine }) => machine === 'stop');
  for (const other of others)
    for (const path of (await pathsOf(other, ports)).filter(isNamed)) {
      const document = await ports.evidence.read(runKey(other, path));
      const places = placesOf(path, other, other.id === lastStop?.id).map((place) => runKey(trading, place));
      if (document) await copyFile(document, places, ports);
    }
}

/** Into the first of these keys that is free, or has these very bytes. */
async function copyFile(
  { bytes, hash }: EvidenceDocument,
  into: readonly string[],
  ports: Pick<Ports, 'evidence'>,
): Promise<void> {
  for (const key of into) {
    const isThere = (await writeFirst(key, bytes, ports)) || (await ports.evidence.read(key))?.hash === hash;
    if (isThere) break;
  }
}

/** Where a file may stand below the folder of the trading run, the best place first. */
function placesOf(path: string, { id }: Run, isLastStop: boolean): string[] {
  if (path.startsWith('executions/')) return [path];
  const own = `runs/${id}/${path}`;
  return isLastStop && OF_THE_RUN.includes(path) ? [path, own] : [own];
}
