import type { ApiClient } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { followRun } from '../follow/follow-run.ts';
import { requireSuccess } from '../follow/require-success.ts';
import { drainSummary } from '../output/drain.ts';
import { duration } from '../output/marks.ts';
import { openOrdersText } from '../output/strategy-view.ts';
import { HaltPlanned, StopAccepted, StrategyView, TradingCalendar } from '../replies.ts';
import { strategyPath } from '../strategy-path.ts';
import type { Surroundings } from '../surroundings.ts';

export type StopOptions = {
  readonly strategy?: string;
  readonly reason?: string;
  readonly ticket?: string;
  /** A time of day in `tz`: the stop begins then, and can be cancelled until it does. */
  readonly at?: string;
  readonly tz?: string;
  readonly on?: string;
  /** Id of a planned halt, which is taken back. */
  readonly cancel?: string;
  readonly detach?: boolean;
  readonly timeout: number;
};

/** Runbook 4: stops now, or at a time to come, or takes a stop to come back. */
export async function stop(context: Context, options: StopOptions): Promise<void> {
  const { strategy, at, tz, on, cancel } = options;
  if (cancel !== undefined) return cancelPlanned(context, cancel, options);
  if (strategy === undefined)
    throw new CliError('usage', 'stop what?', 'give --strategy <id>, or --cancel <halt> for one that is planned');
  if (at !== undefined || tz !== undefined || on !== undefined) return plan(context, { ...options, strategy });
  await stopNow(context, { ...options, strategy });
}

/** No new orders from the acknowledgement on; follows the drain until nothing rests, and the settlement to its end. */
async function stopNow(context: Context, options: StopOptions & { readonly strategy: string }): Promise<void> {
  const { out, surroundings } = context;
  const { strategy, detach, timeout } = options;
  const api = await context.api('operate');
  const accepted = await api.post(strategyPath(strategy, 'stops'), StopAccepted, {
    body: whyOf(options),
    idempotencyKey: surroundings.newKey(),
  });
  out.step('succeeded', accepted.summary, undefined, accepted);
  const { runId } = accepted;
  if (runId === null) return;
  if (detach) return out.note(`  follow it: ${context.command(`runs ${runId} --follow`)}`);
  const waitingFor = drainLine(surroundings, api, strategy, timeout);
  const { run } = await followRun(context, api, runId, { until: 'end', timeoutMs: timeout * 1000, waitingFor });
  requireSuccess(run);
  out.step('succeeded', `${strategy} is off: ${run.summary ?? run.id}`, undefined, { run: run.id, status: run.status });
}

async function plan(context: Context, options: StopOptions & { readonly strategy: string }): Promise<void> {
  const { out, surroundings } = context;
  const { strategy, at, tz, on } = options;
  if (at === undefined || tz === undefined)
    throw new CliError(
      'usage',
      'a stop that is to begin later needs a time and a zone',
      'give both: --at 16:35 --tz Europe/London; nothing was stopped',
    );
  const body = { at, timeZone: tz, ...(on !== undefined && { on }), ...whyOf(options) };
  const idempotencyKey = surroundings.newKey();
  const api = await context.api('operate');
  const planned = await api.post(strategyPath(strategy, 'stops'), HaltPlanned, { body, idempotencyKey });
  out.step('succeeded', planned.summary, undefined, planned);
  out.note(`  take it back: ${context.command(`stop --cancel ${planned.halt.id}`)}`);
}

/** The calendar says which strategy a halt is of, where nobody has said it here. */
async function cancelPlanned(context: Context, halt: string, options: StopOptions): Promise<void> {
  const { out, surroundings } = context;
  const strategy = options.strategy ?? (await strategyOf(context, halt));
  const api = await context.api('operate');
  const cancelled = await api.post(
    `${strategyPath(strategy, 'stops')}/${encodeURIComponent(halt)}/cancellation`,
    HaltPlanned,
    { body: whyOf(options), idempotencyKey: surroundings.newKey() },
  );
  out.step('succeeded', cancelled.summary, undefined, cancelled);
}

async function strategyOf(context: Context, id: string): Promise<string> {
  const { halts } = await (await context.api('read')).get('/v1/calendar', TradingCalendar);
  const halt = halts.find((each) => each.id === id);
  if (halt) return halt.strategy;
  throw new CliError('usage', `the calendar has no halt '${id}'`, `look at: ${context.command('calendar')}`, {
    code: 'NotFound',
  });
}

const whyOf = ({ reason, ticket }: StopOptions) => ({ ...(reason && { reason }), ...(ticket && { ticket }) });

/** How much is left to drain, where, and until when; and how long this command stays. */
function drainLine(
  surroundings: Surroundings,
  api: ApiClient,
  strategy: string,
  timeoutSeconds: number,
): () => Promise<string> {
  const endsAt = surroundings.elapsedMs() + timeoutSeconds * 1000;
  return async () => {
    const view = await api.get(strategyPath(strategy), StrategyView);
    const open = openOrdersText(view);
    const drain =
      drainSummary(view, surroundings.now()) ?? `draining: ${open} open ${open === '1' ? 'order' : 'orders'}`;
    return `  ${drain}, following for ${duration(Math.max(0, endsAt - surroundings.elapsedMs()))} more`;
  };
}
