import type { Context } from '../context.ts';
import { utc } from '../output/marks.ts';
import { table } from '../output/table.ts';
import { TradingCalendar } from '../replies.ts';

export type CalendarOptions = { readonly strategy?: string };

/** Runbook 4.1: planned halts to come, under way and over, in UTC and on the clocks of the venue. */
export async function calendar(context: Context, { strategy }: CalendarOptions): Promise<void> {
  const { out } = context;
  const query = strategy === undefined ? '' : `?strategy=${encodeURIComponent(strategy)}`;
  const { halts } = await (await context.api('read')).get(`/v1/calendar${query}`, TradingCalendar);
  if (out.format === 'jsonl') return halts.forEach((halt) => void out.result(halt, ''));
  const rows = halts.map((halt) => [
    ...[halt.strategy, halt.status, utc(halt.at.utc), halt.at.local ?? '-', halt.asked ?? '-'],
    ...[halt.reason ?? '-', halt.ticket ?? '-', halt.run ?? '-', halt.id],
  ]);
  const head = ['strategy', 'halt', 'at', 'venue-local', 'as asked', 'why', 'ticket', 'run', 'id'];
  out.result(undefined, table(out.paint, head, rows, 'no halt is planned, and none was'));
}
