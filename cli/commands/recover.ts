import type { Context } from '../context.ts';
import { followUntilSigned } from '../follow/follow-until-signed.ts';
import { announceApprovals } from '../follow/next-signatures.ts';
import { Approval, LaunchAccepted, ScopeRecovered } from '../replies.ts';
import { strategyPath } from '../strategy-path.ts';

export type RecoverScopeOptions = { readonly scope: string };

/** Lifts the latch of a killed scope: the first time it asks two people, after their signatures it lifts. Its strategies stay killed. */
export async function recoverScope(context: Context, { scope }: RecoverScopeOptions): Promise<void> {
  const { out, surroundings } = context;
  const api = await context.api('operate');
  const post = { body: { scope }, idempotencyKey: surroundings.newKey() };
  const reply = await api.post('/v1/recoveries', ScopeRecovered, post);
  out.step(reply.status === 'lifted' ? 'succeeded' : 'running', reply.summary, undefined, reply);
  if (reply.status === 'asked')
    announceApprovals(context, [await api.get(`/v1/approvals/${encodeURIComponent(reply.approval)}`, Approval)]);
}

export type RecoverOptions = {
  readonly strategy: string;
  readonly acceptExposure?: string;
  readonly ticket?: string;
  readonly detach?: boolean;
  readonly timeout: number;
};

/** Runbook 5.1.4: begins the way back from a kill and follows it until two people have to sign, or it has ended with its findings. */
export async function recover(context: Context, options: RecoverOptions): Promise<void> {
  const { out, surroundings } = context;
  const { strategy, acceptExposure, ticket } = options;
  const api = await context.api('operate');
  const body = {
    ...(ticket && { ticket }),
    ...(acceptExposure !== undefined && { acceptExposure: { reason: acceptExposure } }),
  };
  const accepted = await api.post(strategyPath(strategy, 'recoveries'), LaunchAccepted, {
    body,
    idempotencyKey: surroundings.newKey(),
  });
  out.step('succeeded', `accepted: ${accepted.summary}`, undefined, accepted);
  if (options.detach) return out.note(`  follow it: ${context.command(`runs ${accepted.runId} --follow`)}`);
  const meanwhile = 'it stays killed until both have signed';
  const run = await followUntilSigned(context, accepted.runId, { timeoutSeconds: options.timeout, meanwhile });
  if (run)
    out.step('succeeded', `${strategy}: ${run.summary ?? run.id}`, undefined, { run: run.id, status: run.status });
}
