import type { Run } from '../control-record.ts';
import type { Ports } from '../ports/ports.ts';
import type { LogPorts } from '../review/read-entries.ts';
import { readRun } from '../run-evidence.ts';
import { type ExportPorts, exportHistories } from './export-histories.ts';
import { extendArchive } from './extend-archive.ts';
import { launchOf } from './launch-of.ts';

export type FilingPorts = ExportPorts & Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'> & LogPorts;

/**
 * Files what the end of an execution left behind: the histories of its run, and the next manifest of the trading run where that is archived already.
 * Answers whether everything of the run is filed; may be asked again and again. A run whose machine goes on is left for later.
 */
export async function fileEndedRun(id: Run['id'], ports: FilingPorts): Promise<boolean> {
  const run = await ports.records.get('RUN', id);
  if (!run || run.status === 'RUNNING' || run.exportedAt !== undefined) return run?.exportedAt !== undefined;
  if (!(await exportHistories(run, ports))) return false;
  const trading = await launchOf(run, ports);
  if (trading) await extendArchive(trading, ports);
  const now = await readRun({ runId: id }, ports); // with what the archive has noted
  await ports.records.put({ kind: 'RUN', record: { ...now, exportedAt: ports.now().toISOString() } });
  return true;
}

const AT_ONCE = 5;
const KEPT_MS = 80 * 24 * 3_600_000; // ten days before AWS drops them

/** What the sweep does of it: a few runs of the newest that have ended and are not filed, oldest first. Answers how many were filed; throws what went wrong, after all others were filed. */
export async function fileEndedRuns(ports: FilingPorts): Promise<number> {
  const runs = await ports.records.list('RUN');
  const since = new Date(ports.now().getTime() - KEPT_MS).toISOString();
  const due = runs
    .filter(
      ({ status, exportedAt, startedAt }) => status !== 'RUNNING' && exportedAt === undefined && startedAt > since,
    )
    .toReversed()
    .slice(0, AT_ONCE);
  const filed = await Promise.allSettled(due.map(({ id }) => fileEndedRun(id, ports)));
  const faults = filed.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  if (faults.length > 0)
    throw new AggregateError(faults, `${faults.length} runs were not filed: ${faults.map(String).join('; ')}`);
  return filed.filter((each) => each.status === 'fulfilled' && each.value).length;
}
