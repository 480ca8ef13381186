import type { Context } from '../context.ts';
import { verifyLog } from '../ledger/verify-log.ts';
import { utc } from '../output/marks.ts';
import { table } from '../output/table.ts';
import { LedgerPage } from '../replies.ts';

export type LedgerOptions = {
  readonly from?: number;
  readonly limit?: number;
  readonly order: 'asc' | 'desc';
  readonly verify?: boolean;
};

/** Entries of one log (a strategy, `desk`, or `access`); `--verify` reads all of it and recomputes its Merkle root here. */
export async function ledger(
  context: Context,
  log: string,
  { from, limit, order, verify }: LedgerOptions,
): Promise<void> {
  const { out, surroundings } = context;
  const api = await context.api('read');
  if (verify) {
    const startedAt = surroundings.elapsedMs();
    const verified = await verifyLog(api, log);
    const text = `${log}: ${verified.size} entries read back, each leaf hash and the Merkle root recomputed: ${verified.root}`;
    return out.step('succeeded', text, surroundings.elapsedMs() - startedAt, verified);
  }
  const query = new URLSearchParams({
    order,
    ...(from !== undefined && { from: String(from) }),
    ...(limit !== undefined && { limit: String(limit) }),
  });
  const page = await api.get(`/v1/ledger/${encodeURIComponent(log)}?${query}`, LedgerPage);
  if (out.format === 'jsonl') return page.entries.forEach((entry) => void out.result(entry, ''));
  const rows = page.entries.map(({ index, entry }) => [
    index,
    utc(textOf(entry['at'])),
    textOf(entry['type']),
    textOf(entry['actor']),
    textOf(entry['run']),
  ]);
  out.result(undefined, table(out.paint, ['index', 'at', 'type', 'actor', 'run'], rows, 'the log is empty'));
  out.note(`\n${page.entries.length} of ${page.size} entries, root ${page.root}`);
}

const textOf = (value: unknown): string => (value === undefined || value === null ? '-' : String(value));
