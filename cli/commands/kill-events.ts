import type { Context } from '../context.ts';
import { utc } from '../output/marks.ts';
import { table } from '../output/table.ts';
import { KillEvents } from '../replies.ts';

/** Runbook 5.1.2: every kill with its initiator, and its confirmer once there is one. As jsonl it is `kill_events.jsonl`. */
export async function killEvents(context: Context): Promise<void> {
  const { out } = context;
  const api = await context.api('read');
  const { events } = await api.get('/v1/kill-events', KillEvents);
  if (out.format === 'jsonl') return events.forEach((event) => void out.result(event, ''));
  const rows = events.map(({ at, event, strategy, initiator, confirmer, reason }) => [
    utc(at),
    event,
    strategy,
    initiator ?? '-',
    confirmer ?? '-',
    reason ?? '-',
  ]);
  const columns = ['at', 'event', 'strategy', 'initiator', 'confirmer', 'reason'];
  out.result(undefined, table(out.paint, columns, rows, 'nothing was ever killed'));
}
