import type { ApiClient } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import { LedgerPage } from '../replies.ts';

/** Which entries of a log; members are combined with AND. Times in UTC. */
export type Filters = {
  readonly type?: string;
  readonly actor?: string;
  readonly run?: string;
  readonly ticket?: string;
  readonly after?: string;
  readonly before?: string;
};

export type PageQuery = Filters & {
  readonly order: 'asc' | 'desc';
  readonly from?: number | undefined;
  readonly limit?: number | undefined;
};

const FILTERS = ['type', 'actor', 'run', 'ticket', 'after', 'before'] as const;
const AT_ONCE = 500;

/** One page of a log: what matched of the entries that were looked at, and where to go on. */
export async function logPage(api: ApiClient, log: string, query: PageQuery): Promise<LedgerPage> {
  const { order, from, limit = AT_ONCE } = query;
  const search = new URLSearchParams({ order });
  if (from !== undefined) search.set('from', String(from));
  search.set('limit', String(Math.min(limit, AT_ONCE)));
  for (const name of FILTERS) {
    const value = query[name];
    if (value !== undefined) search.set(name, value);
  }
  return api.get(`/v1/ledger/${encodeURIComponent(log)}?${search}`, LedgerPage);
}

/** The pages of a log one after the other, until `limit` entries have come or there are no more. Stops at Ctrl-C with an error. */
export async function* logPages(
  api: ApiClient,
  log: string,
  { limit = Number.POSITIVE_INFINITY, ...query }: PageQuery,
  interrupted: AbortSignal,
): AsyncGenerator<LedgerPage> {
  let [from, left] = [query.from, limit];
  while (left > 0) {
    if (interrupted.aborted) throw stoppedReading(log);
    const page = await logPage(api, log, { ...query, from, limit: left });
    yield page;
    if (page.next == null) return;
    from = Number(page.next);
    left -= page.entries.length;
  }
}

const stoppedReading = (log: string) =>
  new CliError('interrupted', `reading ${log} was interrupted`, 'give the command again, or ask for less of it');
