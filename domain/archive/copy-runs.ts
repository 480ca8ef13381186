import type { Run } from '../control-record.ts';
import type { RunId } from '../ids.ts';
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
 * last stop to the top, all else below `runs/<run>/`. What came meanwhile is brought by the next call.
 */
export async function copyRuns(trading: Run, others: readonly Run[], ports: Pick<Ports, 'evidence'>): Promise<void> {
  const lastStop = others.findLast(({ machine }) => machine === 'stop');
  for (const other of others) {
    const paths = (await pathsOf(other, ports)).filter(isNamed);
    for (const path of paths) {
      const document = await ports.evidence.read(runKey(other, path));
      const into = placeOf(path, other, other.id === lastStop?.id);
      if (document) await writeFirst(runKey(trading, into), document.bytes, ports);
    }
  }
}

function placeOf(path: string, { id }: Run, isLastStop: boolean): string {
  if (path.startsWith('executions/')) return path;
  return isLastStop && OF_THE_RUN.includes(path) ? path : `runs/${id}/${path}`;
}
