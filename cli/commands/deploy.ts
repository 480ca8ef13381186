import type { Context } from '../context.ts';
import { followRun } from '../follow/follow-run.ts';
import { announceApprovals } from '../follow/next-signatures.ts';
import { requireSuccess } from '../follow/require-success.ts';
import { LaunchAccepted } from '../replies.ts';
import { strategyPath } from '../strategy-path.ts';

export type DeployOptions = {
  readonly env: string;
  readonly strategy: string;
  readonly artifact?: string;
  readonly ticket?: string;
  readonly detach?: boolean;
  readonly timeout: number;
};

/** Runbook 2.2: starts the launch and follows it until it needs people, is live, or has failed with its findings. */
export async function deploy(context: Context, options: DeployOptions): Promise<void> {
  const { out, surroundings } = context;
  const { env: environment, strategy, artifact, ticket } = options;
  const api = await context.api('operate');
  const body = { environment, ...(artifact && { artifact }), ...(ticket && { ticket }) };
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

/** Follows a launch until it needs people again or has ended; refuses with the findings when it did not go through. */
export async function followLaunch(context: Context, runId: string, timeoutSeconds: number): Promise<void> {
  const { out } = context;
  const { run, approvals } = await followRun(context, await context.api('operate'), runId, {
    until: 'people',
    timeoutMs: timeoutSeconds * 1000,
  });
  if (approvals.length > 0) {
    out.result({ run: run.id, waitsFor: approvals }, `${run.id} waits for people`);
    return announceApprovals(context, approvals);
  }
  requireSuccess(run);
  out.step('succeeded', `${run.strategyId} is live: ${run.summary ?? run.id}`, undefined, {
    run: run.id,
    status: run.status,
  });
  out.note(`  watch it: ${context.command(`status --strategy ${run.strategyId} --watch`)}`);
}
