import { LedgerEntry } from '../../domain/ledger/ledger-entry.ts';
import { NOTHING_REPLAYED, type ReplayedStrategy, replayedStrategy, replayNext } from '../../domain/ledger/replay.ts';
import type { ApiClient } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import type { LedgerPage } from '../replies.ts';
import { logPages } from './log-pages.ts';
import { checkedLeaf } from './verify-log.ts';

/** When an entry was written, and which one it is. */
export type Written = { readonly seq: number; readonly at: string };

/** A strategy at one moment: the last entry until then and the state that all until then lead to, and the first one after it. */
export type StrategyAt = {
  readonly strategy: string;
  readonly at: string;
  readonly asOf?: Written;
  readonly state?: ReplayedStrategy;
  readonly after?: Written;
};

type Reading = { readonly interrupted: AbortSignal; readonly progress: (page: LedgerPage) => void };

/**
 * Rebuilds a strategy as it was at a moment, from the entries of its log alone: those written until then, in their order, up
 * to the first later one. Each must hash to its leaf, and none may be missing. No state when there was no entry yet.
 */
export async function strategyAt(
  api: ApiClient,
  strategy: string,
  at: string,
  { interrupted, progress }: Reading,
): Promise<StrategyAt> {
  let replayed = NOTHING_REPLAYED;
  let asOf: Written | undefined;
  for await (const page of logPages(api, strategy, { order: 'asc' }, interrupted)) {
    progress(page);
    for (const each of page.entries) {
      const entry = readable(strategy, each, replayed.ledgerSize);
      const written = { seq: entry.seq, at: entry.at };
      if (entry.at > at) return found({ strategy, at, after: written }, asOf, replayedStrategy(strategy, replayed));
      replayed = replayNext(replayed, entry);
      asOf = written;
    }
  }
  return found({ strategy, at }, asOf, replayedStrategy(strategy, replayed));
}

function readable(log: string, each: LedgerPage['entries'][number], expected: number): LedgerEntry {
  checkedLeaf(log, each, expected);
  const entry = LedgerEntry.safeParse(each.entry);
  if (entry.success) return entry.data;
  throw new CliError(
    'fault',
    `entry ${expected} of ${log} is not of the form this tradepulse-cli knows`,
    'use the tradepulse-cli that belongs to this control plane',
    {
      code: 'UnknownEntry',
    },
  );
}

function found(moment: StrategyAt, asOf: Written | undefined, state: ReplayedStrategy | undefined): StrategyAt {
  if (!asOf) return moment;
  if (state) return { ...moment, asOf, state };
  throw new CliError(
    'usage',
    `the entries of ${moment.strategy} do not say what a strategy was`,
    'name a strategy: access and desk are logs of none',
    { code: 'NotReplayable' },
  );
}
