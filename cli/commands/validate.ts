import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { followRun } from '../follow/follow-run.ts';
import { requireSuccess } from '../follow/require-success.ts';
import { LaunchAccepted, SmokeReport } from '../replies.ts';
import { strategyPath } from '../strategy-path.ts';
import { smokeText } from './smoke.ts';

export type ValidateOptions = {
  readonly env: string;
  readonly strategy: string;
  readonly window: string;
  readonly mode: string;
  readonly detach?: boolean;
  readonly timeout: number;
};

/** Runbook 2.4 on its own: replays recorded minutes in dry-run, follows it, and shows every band with the last good run beside it. */
export async function validate(context: Context, options: ValidateOptions): Promise<void> {
  const { out, surroundings } = context;
  const body = { environment: options.env, windowMinutes: minutesOf(options.window), mode: dryRun(options.mode) };
  const api = await context.api('operate');
  const accepted = await api.post(strategyPath(options.strategy, 'validations'), LaunchAccepted, {
    body,
    idempotencyKey: surroundings.newKey(),
  });
  const { runId, summary } = accepted;
  out.step('succeeded', `accepted: ${summary}`, undefined, accepted);
  if (options.detach) return out.note(`  look at it: ${context.command(`smoke ${runId}`)}`);
  const { run } = await followRun(context, api, runId, { until: 'end', timeoutMs: options.timeout * 1000 });
  const report = await reportOf(context, runId);
  if (report) out.result(report, smokeText(context, report));
  requireSuccess(run);
}

/** A run that failed before anything was replayed has no report; then its failure says why. */
async function reportOf(context: Context, runId: string): Promise<SmokeReport | undefined> {
  try {
    return await (await context.api('operate')).get(`/v1/runs/${encodeURIComponent(runId)}/smoke`, SmokeReport);
  } catch (error) {
    if (error instanceof CliError && error.code === 'NotFound') return undefined;
    throw error;
  }
}

const LONGEST_MINUTES = 60;

/** `15m`: whole minutes, 1 to 60. */
function minutesOf(window: string): number {
  const minutes = Number(/^(\d{1,3})m$/.exec(window)?.[1] ?? Number.NaN);
  if (minutes >= 1 && minutes <= LONGEST_MINUTES) return minutes;
  throw new CliError(
    'usage',
    `a window of '${window}' is not possible`,
    `from 1m to ${LONGEST_MINUTES}m, e.g. --window 15m`,
    {
      code: 'InvalidWindow',
    },
  );
}

/** Refuses every other mode by its name: nothing that sends an order is called a validation. */
function dryRun(mode: string): 'dry-run' {
  if (mode === 'dry-run') return mode;
  throw new CliError(
    'usage',
    `there is no mode '${mode}': a validation is a dry-run, and sends nothing`,
    'leave --mode out',
    {
      code: 'UnknownMode',
    },
  );
}
