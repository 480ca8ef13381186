import type { Context } from '../context.ts';
import { utc } from '../output/marks.ts';
import { table } from '../output/table.ts';
import { Deliveries } from '../replies.ts';

/** Runbook 6: what was told to whom over which channel. */
export async function deliveries(context: Context): Promise<void> {
  const { out } = context;
  const api = await context.api('read');
  const list = (await api.get('/v1/deliveries', Deliveries)).deliveries;
  if (out.format === 'jsonl') return list.forEach((delivery) => void out.result(delivery, ''));
  const rows = list.map((each) => [
    utc(each.at),
    each.channel,
    [each.audience].flat().join(', '),
    each.status,
    each.text,
  ]);
  out.result(
    undefined,
    table(out.paint, ['at', 'channel', 'audience', 'status', 'text'], rows, 'nothing was sent yet'),
  );
}
