import type { Context } from '../context.ts';
import { followUntilSigned } from '../follow/follow-until-signed.ts';
import { LaunchAccepted, StrategyView } from '../replies.ts';
import { strategyPath } from '../strategy-path.ts';
import { lift } from './lift.ts';

export type ResumeOptions = {
  readonly strategy: string;
  readonly reason: string;
  readonly ticket?: string;
  readonly detach?: boolean;
  readonly timeout: number;
};

/** What is held back while it trades. */
const HELD_BACK: readonly string[] = ['THROTTLED', 'REDUCE_ONLY'];

/** The way back up. What is throttled or only reduces is lifted; product decision 9: asks to resume what lost its lease, and follows it until two people have to sign, or it has ended with its findings. */
export async function resume(context: Context, options: ResumeOptions): Promise<void> {
  const { out, surroundings } = context;
  const { strategy, reason, ticket } = options;
  const api = await context.api('operate');
  const { mode } = await api.get(strategyPath(strategy), StrategyView.pick({ mode: true }));
  if (HELD_BACK.includes(mode)) return lift(context, options);
  const accepted = await api.post(strategyPath(strategy, 'resumptions'), LaunchAccepted, {
    body: { reason, ...(ticket && { ticket }) },
    idempotencyKey: surroundings.newKey(),
  });
  out.step('succeeded', `accepted: ${accepted.summary}`, undefined, accepted);
  if (options.detach) return out.note(`  follow it: ${context.command(`runs ${accepted.runId} --follow`)}`);
  const meanwhile = `${strategy} stays SAFE until both have signed`;
  const run = await followUntilSigned(context, accepted.runId, { timeoutSeconds: options.timeout, meanwhile });
  if (run) out.step('succeeded', `${strategy} is live again`, undefined, { run: run.id, status: run.status });
}
