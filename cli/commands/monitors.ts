import type { ApiClient } from '../api-client.ts';
import type { Context } from '../context.ts';
import { MonitorsList } from '../monitor-replies.ts';
import { monitorsTable } from '../output/monitors-table.ts';
import { redraw } from '../output/redraw.ts';

export type MonitorsOptions = { readonly strategy?: string; readonly watch?: boolean; readonly interval: number };

/** Runbook 3: what the monitors of every strategy see now, or those of one. `--watch` redraws in place; on a pipe it prints again and again. */
export async function monitors(context: Context, options: MonitorsOptions): Promise<void> {
  const { out, surroundings } = context;
  const api = await context.api('read');
  const look = () => read(api, options);
  if (!options.watch) return print(context, await look());
  if (out.format === 'table' && out.live)
    return redraw(context, options.interval, async () => monitorsTable(out.paint, await look(), out.columns));
  while (!surroundings.interrupted.aborted) {
    print(context, await look());
    await surroundings.sleep(options.interval * 1000);
  }
}

const read = (api: ApiClient, { strategy }: MonitorsOptions): Promise<MonitorsList> => {
  const query = strategy === undefined ? '' : `?strategy=${encodeURIComponent(strategy)}`;
  return api.get(`/v1/monitors${query}`, MonitorsList);
};

/** As jsonl: one line for each strategy, with when the watchdog looked. */
function print({ out }: Context, list: MonitorsList): void {
  const { strategies, ...about } = list;
  if (out.format === 'table') out.result(undefined, monitorsTable(out.paint, list, out.columns));
  else {
    if (!about.hasThresholds) out.note('  no thresholds are registered: nothing is judged, and no strategy is shown');
    for (const each of strategies) out.result({ ...each, watchdog: about.watchdog }, '');
  }
}
