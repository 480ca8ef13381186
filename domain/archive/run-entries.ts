import type { Run } from '../control-record.ts';
import type { RunId } from '../ids.ts';
import { type CitedEntry, entriesBackwards, type ReadsLedger } from './entries-backwards.ts';

export type RunEntries = {
  /** Oldest first, from the launch's request to before the next launch's. */
  readonly entries: readonly CitedEntry[];
  /** The other runs that these entries name, in the order in which they appear. */
  readonly runs: readonly RunId[];
  /** When the next launch was asked for; nothing while this is the newest. */
  readonly until: string | undefined;
  /** False when the request lies further back than is looked (20,000 entries). */
  readonly isWhole: boolean;
};

/** What the strategy's ledger says of a trading run: everything between its launch's request and that of the next launch. */
export async function runEntries(
  { id, strategyId }: Pick<Run, 'id' | 'strategyId'>,
  ports: ReadsLedger,
): Promise<RunEntries> {
  let found: CitedEntry[] = [];
  let until: string | undefined;
  for await (const cited of entriesBackwards(strategyId, ports)) {
    const { type, run, at } = cited.entry;
    found.push(cited);
    if (type !== 'launch.requested') continue;
    if (run === id) return told(found, id, until, true);
    [found, until] = [[], at]; // what came so far belongs to a later launch
  }
  return told(found, id, until, false);
}

function told(newestFirst: readonly CitedEntry[], own: RunId, until: string | undefined, isWhole: boolean): RunEntries {
  const entries = newestFirst.toReversed();
  const runs = entries.flatMap(({ entry: { run } }) => (run === undefined || run === own ? [] : [run]));
  return { entries, runs: [...new Set(runs)], until, isWhole };
}
