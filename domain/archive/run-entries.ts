import type { Run } from '../control-record.ts';
import type { RunId } from '../ids.ts';
import { LogId } from '../ledger/ledger-entry.ts';
import { type LogPorts, readBackTo } from '../review/read-entries.ts';
import type { StoredEntry } from '../review/stored-entry.ts';

export type RunEntries = {
  /** Oldest first, from the launch's request to before the next launch's. */
  readonly entries: readonly StoredEntry[];
  /** The other runs that these entries name, in the order in which they appear. */
  readonly runs: readonly RunId[];
  /** When the next launch was asked for; nothing while this is the newest. */
  readonly until: string | undefined;
  /** False when the request lies further back than is looked (200,000 entries). */
  readonly isWhole: boolean;
};

/** What the strategy's ledger says of a trading run: everything between its launch's request and that of the next launch. */
export async function runEntries(
  { id, strategyId }: Pick<Run, 'id' | 'strategyId'>,
  ports: LogPorts,
): Promise<RunEntries> {
  const isRequest = ({ entry }: StoredEntry) => entry.type === 'launch.requested' && entry.run === id;
  const all = (await readBackTo(LogId.parse(strategyId), isRequest, ports)).toReversed();
  const [first] = all;
  const next = all.find((each) => each.entry.type === 'launch.requested' && !isRequest(each));
  const entries = next ? all.slice(0, all.indexOf(next)) : all;
  const runs = entries.flatMap(({ entry: { run } }) => (run === undefined || run === id ? [] : [run]));
  return { entries, runs: [...new Set(runs)], until: next?.entry.at, isWhole: first !== undefined && isRequest(first) };
}
