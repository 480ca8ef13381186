import type { Run } from '../control-record.ts';
import { LogId } from '../ledger/ledger-entry.ts';
import { type LogPorts, readBackTo } from './read-entries.ts';
import type { StoredEntry } from './stored-entry.ts';

/** The entries of what is reviewed, oldest first, and the runs of machines that they name. */
export type RunEntries = {
  readonly from: number;
  readonly to: number;
  readonly entries: readonly StoredEntry[];
  readonly runs: readonly string[];
};

const BEGINNINGS: ReadonlySet<string> = new Set(['launch.requested', 'kill.requested']);

/**
 * The part of the strategy's log that is about this run: from its request on (a recovery: from the request of the kill that it recovers), to the last entry of
 * any run that belongs to it, and never into the launch that came after.
 */
export async function findRange(run: Run, ports: LogPorts): Promise<RunEntries> {
  const first = typeof run.request['recovers'] === 'string' ? run.request['recovers'] : run.id;
  const isBeginning = ({ entry }: StoredEntry) => entry.run === first && BEGINNINGS.has(entry.type);
  const back = await readBackTo(LogId.parse(run.strategyId), isBeginning, ports);
  const all = back.toReversed();
  const start = Math.max(0, all.findIndex(isBeginning));
  const next = all.findIndex(({ entry }, at) => at > start && entry.type === 'launch.requested');
  const own = all.slice(start, next < 0 ? undefined : next);
  const lastNamed = own.findLastIndex(({ entry }) => belongs(entry.run, run));
  const entries = lastNamed < 0 ? own : own.slice(0, lastNamed + 1);
  const from = entries[0]?.index ?? 0;
  const runs = [...new Set(entries.flatMap(({ entry }) => entry.run ?? []))];
  return { from, to: (entries.at(-1)?.index ?? from - 1) + 1, entries, runs };
}

/** Runs of machines that act in a run, by their names. What was asked after the end of it (a post-mortem, new limits) bears others. */
const belongs = (named: string | undefined, { id, machine }: Run): boolean =>
  named !== undefined && (named === id || (machine !== 'recover' && /^(stop|kill|resume)-/.test(named)));
