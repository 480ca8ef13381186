import type { ApiClient } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { followLog } from '../ledger/follow-log.ts';
import { type Filters, logPages } from '../ledger/log-pages.ts';
import { verifyLog } from '../ledger/verify-log.ts';
import { utc } from '../output/marks.ts';
import { table } from '../output/table.ts';
import type { LedgerPage } from '../replies.ts';

export type LedgerOptions = Filters & {
  readonly from?: number;
  readonly limit: number;
  readonly order: 'asc' | 'desc';
  readonly verify?: boolean;
  readonly follow?: boolean;
};

type Entry = LedgerPage['entries'][number];

/** Entries of one log (a strategy, `desk`, or `access`); `--follow` stays for new ones, `--verify` reads all of it and recomputes its Merkle root here. */
export async function ledger(context: Context, log: string, options: LedgerOptions): Promise<void> {
  const { verify, follow, order, limit: _limit, ...following } = options;
  if (follow && (verify || order === 'desc'))
    throw new CliError('usage', '--follow goes with neither --verify nor --order desc', 'leave one of them out');
  const api = await context.api('read');
  if (verify) return verifyAll(context, api, log);
  if (follow) return followLog(context, api, log, following, (entry) => tell(context, entry));
  await list(context, api, log, options);
}

async function verifyAll({ out, surroundings }: Context, api: ApiClient, log: string): Promise<void> {
  const startedAt = surroundings.elapsedMs();
  const verified = await verifyLog(api, log);
  const text = `${log}: ${verified.size} entries read back, each leaf hash and the Merkle root recomputed: ${verified.root}`;
  out.step('succeeded', text, surroundings.elapsedMs() - startedAt, verified);
}

/** As jsonl each page as it comes; as a table all at once, since its columns are as wide as what stands in them. */
async function list(context: Context, api: ApiClient, log: string, options: LedgerOptions): Promise<void> {
  const { out, surroundings } = context;
  const found: Entry[] = [];
  let last: LedgerPage | undefined;
  for await (const page of logPages(api, log, options, surroundings.interrupted)) {
    last = page;
    found.push(...page.entries);
    if (out.format === 'jsonl') for (const entry of page.entries) out.result(entry, '');
    out.transient(`${log}: ${lookedAt(page, options.order)} of ${page.size} entries looked at, ${found.length} found`);
  }
  if (out.format === 'table' && last) showTable(context, found, last);
}

function showTable({ out }: Context, found: readonly Entry[], { size, root, next }: LedgerPage): void {
  const empty = size === 0 ? 'the log is empty' : 'no entry is like that';
  out.result(undefined, table(out.paint, ['index', 'at', 'type', 'actor', 'run'], found.map(cells), empty));
  out.note(`\n${found.length} of ${size} entries, root ${root}`);
  if (next != null) out.note(`there may be more: --from ${next}`);
}

function lookedAt({ next, size }: LedgerPage, order: 'asc' | 'desc'): number {
  if (next == null) return size;
  return order === 'asc' ? Number(next) : size - 1 - Number(next);
}

const cells = ({ index, entry }: Entry): string[] => [
  String(index),
  utc(textOf(entry['at'])),
  textOf(entry['type']),
  textOf(entry['actor']),
  textOf(entry['run']),
];

const tell = ({ out }: Context, entry: Entry) => out.result(entry, cells(entry).join('  '));

const textOf = (value: unknown): string => (value === undefined || value === null ? '-' : String(value));
