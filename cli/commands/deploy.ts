import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { followUntilSigned } from '../follow/follow-until-signed.ts';
import { LaunchAccepted, type ShownPlan } from '../replies.ts';
import { strategyPath } from '../strategy-path.ts';
import { type Asked, launchBody, showPlan } from './show-plan.ts';

/** Characters; a body of a request may have 64 KiB. */
const MOST_TO_SEND = 48_000;

export type DeployOptions = Asked & {
  readonly plan?: boolean;
  readonly detach?: boolean;
  readonly timeout: number;
};

/**
 * Runbook 2.2: shows the plan; without --plan starts exactly that launch, and follows it until it needs people, is live, or has failed with its
 * findings. Refuses when the plan has changed since it was shown.
 */
export async function deploy(context: Context, options: DeployOptions): Promise<void> {
  const { out, surroundings } = context;
  const { strategy } = options;
  const api = await context.api(options.plan ? 'read' : 'operate');
  const shown = await showPlan(context, api, options);
  if (options.plan) return requireGo(shown);
  const body = { ...launchBody(options), ...seen(shown) };
  const accepted = await api.post(strategyPath(strategy, 'launches'), LaunchAccepted, {
    body,
    idempotencyKey: surroundings.newKey(),
  });
  out.step('succeeded', `accepted: ${accepted.summary}`, undefined, accepted);
  out.note(
    `  run ${accepted.runId}, epoch ${accepted.epoch}, ledger entry ${accepted.receipt.log}/${accepted.receipt.index}`,
  );
  if (options.detach) return out.note(`  follow it: ${context.command(`runs ${accepted.runId} --follow`)}`);
  await followLaunch(context, accepted.runId, options.timeout);
}

/** What was shown, so that nothing else is launched. A plan too large to be sent along is named by its digest alone. */
function seen({ plan, planDigest }: ShownPlan): object {
  if (!plan || planDigest === null) return {};
  const fits = JSON.stringify(plan).length < MOST_TO_SEND;
  return { expectedPlan: planDigest, ...(fits && { shownPlan: plan }) };
}

/** For scripts: `deploy --plan` ends well only where the launch would begin. */
function requireGo({ verdict, gates }: ShownPlan): void {
  if (verdict === 'go' || verdict === 'warn') return;
  const first = gates.find((gate) => gate.verdict === verdict);
  throw new CliError(
    'noGo',
    `it cannot be launched now: ${first?.summary ?? verdict}`,
    'mend what the lines above name',
    {
      code: verdict === 'postpone' ? 'LaunchPostponed' : 'NoGo',
    },
  );
}

/** Follows a launch until it needs people again or has ended; refuses with the findings when it did not go through. */
export async function followLaunch(context: Context, runId: string, timeoutSeconds: number): Promise<void> {
  const { out } = context;
  const run = await followUntilSigned(context, runId, { timeoutSeconds });
  if (!run) return;
  out.step('succeeded', `${run.strategyId} is live: ${run.summary ?? run.id}`, undefined, {
    run: run.id,
    status: run.status,
  });
  out.note(`  watch it: ${context.command(`status --strategy ${run.strategyId} --watch`)}`);
}
