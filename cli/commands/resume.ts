import type { Context } from '../context.ts';
import { followRun } from '../follow/follow-run.ts';
import { announceApprovals } from '../follow/next-signatures.ts';
import { requireSuccess } from '../follow/require-success.ts';
import { LaunchAccepted } from '../replies.ts';
import { strategyPath } from '../strategy-path.ts';

export type ResumeOptions = {
  readonly strategy: string;
  readonly reason: string;
  readonly ticket?: string;
  readonly detach?: boolean;
  readonly timeout: number;
};

/** Product decision 9: asks to resume what lost its lease, and follows it until two people have to sign, or it has ended with its findings. */
export async function resume(context: Context, options: ResumeOptions): Promise<void> {
  const { out, surroundings } = context;
  const { strategy, reason, ticket } = options;
  const api = await context.api('operate');
  const accepted = await api.post(strategyPath(strategy, 'resumptions'), LaunchAccepted, {
    body: { reason, ...(ticket && { ticket }) },
    idempotencyKey: surroundings.newKey(),
  });
  out.step('succeeded', `accepted: ${accepted.summary}`, undefined, accepted);
  if (options.detach) return out.note(`  follow it: ${context.command(`runs ${accepted.runId} --follow`)}`);
  const { run, approvals } = await followRun(context, api, accepted.runId, {
    until: 'people',
    timeoutMs: options.timeout * 1000,
  });
  if (approvals.length > 0) {
    out.result(
      { run: run.id, waitsFor: approvals },
      `${run.id} waits for people; ${strategy} stays SAFE until both have signed`,
    );
    return announceApprovals(context, approvals);
  }
  requireSuccess(run);
  out.step('succeeded', `${strategy} is live again`, undefined, { run: run.id, status: run.status });
}
