import type { ApiClient } from '../api-client.ts';
import type { Context } from '../context.ts';
import { utc } from '../output/marks.ts';
import { table } from '../output/table.ts';
import { Executions, HistoryPage } from '../replies.ts';

/** The executions of the state machines, or the whole history of one of them, oldest event first. */
export async function executions(context: Context, name: string | undefined): Promise<void> {
  const { out } = context;
  const api = await context.api('read');
  if (name) return history(context, api, name);
  const list = (await api.get('/v1/executions', Executions)).executions;
  if (out.format === 'jsonl') return list.forEach((each) => void out.result(each, ''));
  const rows = list.map((each) => [each.name, each.machine, each.status, utc(each.startedAt), utc(each.endedAt)]);
  out.result(
    undefined,
    table(out.paint, ['execution', 'machine', 'status', 'started', 'ended'], rows, 'there was no execution yet'),
  );
}

async function history({ out }: Context, api: ApiClient, name: string): Promise<void> {
  const events: HistoryPage['events'][number][] = [];
  let token: string | null | undefined;
  do {
    const query = token ? `?nextToken=${encodeURIComponent(token)}` : '';
    const page: HistoryPage = await api.get(`/v1/executions/${encodeURIComponent(name)}/history${query}`, HistoryPage);
    events.push(...page.events);
    token = page.nextToken;
  } while (token);
  if (out.format === 'jsonl') return events.forEach((event) => void out.result(event, ''));
  const rows = events.map((event) => [event.id, utc(event.at), event.type, event.state ?? '-']);
  out.result(undefined, table(out.paint, ['id', 'at', 'event', 'state'], rows, 'the history is empty'));
}
