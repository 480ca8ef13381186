import type { ApiClient } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { statusAt } from '../ledger/status-at.ts';
import { redraw } from '../output/redraw.ts';
import { strategyDetail, strategyTable } from '../output/strategy-view.ts';
import { Strategies, StrategyView } from '../replies.ts';
import { strategyPath } from '../strategy-path.ts';

export type StatusOptions = {
  readonly strategy?: string;
  readonly watch?: boolean;
  readonly interval: number;
  /** A moment in UTC that is over: what was then, from the ledger alone. */
  readonly at?: string;
};

/** What every strategy, or one of them, does now and why, or did at a moment (`--at`). `--watch` redraws in place; on a pipe it prints what has changed. */
export async function status(context: Context, options: StatusOptions): Promise<void> {
  if (options.at !== undefined && options.watch)
    throw new CliError(
      'usage',
      '--at and --watch do not go together: what was does not change',
      'leave one of them out',
    );
  if (options.at !== undefined) return statusAt(context, options.at, options.strategy);
  const api = await context.api('read');
  if (!options.watch) return print(context, await read(api, options), options);
  if (context.out.format === 'table' && context.out.live)
    return redraw(context, options.interval, async () => render(context, await read(api, options), options));
  await printChanges(context, api, options);
}

const read = async (api: ApiClient, { strategy }: StatusOptions): Promise<StrategyView[]> =>
  strategy
    ? [await api.get(strategyPath(strategy), StrategyView)]
    : (await api.get('/v1/strategies', Strategies)).strategies;

const render = ({ out, surroundings }: Context, views: readonly StrategyView[], { strategy }: StatusOptions): string =>
  strategy
    ? views.map((view) => strategyDetail(out.paint, view, surroundings.now())).join('\n')
    : strategyTable(out.paint, views);

function print(context: Context, views: readonly StrategyView[], options: StatusOptions): void {
  const { out } = context;
  if (out.format === 'table') out.result(undefined, render(context, views, options));
  else for (const view of views) out.result(view, '');
}

async function printChanges(context: Context, api: ApiClient, options: StatusOptions): Promise<void> {
  const { surroundings } = context;
  const last = new Map<string, string>();
  while (!surroundings.interrupted.aborted) {
    const changed = (await read(api, options)).filter((view) => {
      const now = changeKey(view);
      const differs = last.get(view.id) !== now;
      last.set(view.id, now);
      return differs;
    });
    if (changed.length > 0) print(context, changed, options);
    await surroundings.sleep(options.interval * 1000);
  }
}

/** Ages tick all the time; they alone are no change. */
const changeKey = ({ leases, ...view }: StrategyView) =>
  JSON.stringify({
    ...view,
    leases: leases.map(({ instanceId, mode, openOrders }) => ({ instanceId, mode, openOrders })),
  });
