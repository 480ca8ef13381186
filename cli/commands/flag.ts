import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { table } from '../output/table.ts';
import { Strategies } from '../replies.ts';
import { decide, type SignOptions } from './approve.ts';

export type FlagTarget = { readonly run?: string; readonly strategy?: string };

/** Runbook 2.5: the trader flips `live.enabled` by signing plan, smoke report and go/no-go. There is no other way to enable. */
export async function flagEnable(
  context: Context,
  { run, strategy, ...options }: SignOptions & FlagTarget,
): Promise<void> {
  if (!run && !strategy) throw new CliError('usage', 'which launch?', 'give --strategy <id> or --run <id>');
  await decide(
    context,
    { ...(run && { runId: run }), ...(strategy && { strategyId: strategy }), kinds: ['flag-flip'] },
    options,
  );
}

/** What `live.enabled` says for each strategy, and whether trading is allowed: the flag alone does not decide that. */
export async function flagStatus(context: Context, { strategy }: FlagTarget): Promise<void> {
  const { out } = context;
  const api = await context.api('read');
  const { strategies } = await api.get('/v1/strategies', Strategies);
  const shown = strategies.filter(({ id }) => !strategy || id === strategy);
  if (strategy && shown.length === 0)
    throw new CliError('usage', `there is no strategy ${strategy}`, 'the known ones: tradepulse-cli status', {
      code: 'UnknownStrategy',
    });
  const rows = shown.map(({ id, flag, tradingAllowed, whyNot }) => [
    id,
    liveText(flag.live),
    String(flag.version ?? '-'),
    tradingAllowed ? 'yes' : `no: ${whyNot[0] ?? 'unknown'}`,
  ]);
  if (out.format === 'table')
    return out.result(
      undefined,
      table(out.paint, ['strategy', 'live.enabled', 'version', 'may trade'], rows, 'no strategy is registered'),
    );
  for (const { id, flag, tradingAllowed, whyNot } of shown) out.result({ id, flag, tradingAllowed, whyNot }, '');
}

/** The flag in words. Unreadable counts as off everywhere (fail closed), and is said as it is. */
export const liveText = (live: boolean | null): string =>
  live === null ? 'unreadable (counts as off)' : live ? 'on' : 'off';
