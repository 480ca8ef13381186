import type { ApiClient } from '../api-client.ts';
import type { Context } from '../context.ts';
import { followRun } from '../follow/follow-run.ts';
import { requireSuccess } from '../follow/require-success.ts';
import type { Approval } from '../replies.ts';
import { followLaunch } from './deploy.ts';

const OF_A_LAUNCH: readonly string[] = ['launch-confirmation', 'flag-flip'];

/** What no machine waits for: the command that was asked with goes on, or shows what has become of it. */
function askedAgain({ kind, document, strategyId }: Approval): string | undefined {
  if (document['action'] === 'recover scope') return `recover --scope ${String(document['scope'])}`;
  if (kind === 'limits') return `limits apply --strategy ${strategyId} --file <the same file> --reason '...'`;
  if (kind === 'unfreeze') return `unfreeze ${String(document['freeze'])} --reason '...'`;
  if (kind === 'attestation') return 'attestations';
  if (kind === 'lift') return `resume --strategy ${strategyId} --reason '...'`;
  return kind === 'override' ? `override list --strategy ${strategyId}` : undefined;
}

/** After the last signature the machine goes on by itself: a launch to its next question, a kill or a recovery to its end; a declined launch is released. No machine waits for a post-mortem. */
export async function followAfterSignature(
  context: Context,
  api: ApiClient,
  approval: Approval,
  timeoutSeconds: number,
): Promise<void> {
  const { out } = context;
  if (approval.kind === 'post-mortem') return afterSignOff(context, approval);
  const again = askedAgain(approval);
  if (again !== undefined)
    return out.note(
      approval.status === 'declined'
        ? '  it is declined, and nothing comes of it'
        : `  then: ${context.command(again)}`,
    );
  if (OF_A_LAUNCH.includes(approval.kind) && approval.status === 'complete')
    return followLaunch(context, approval.runId, timeoutSeconds);
  const { run } = await followRun(context, api, approval.runId, { until: 'end', timeoutMs: timeoutSeconds * 1000 });
  const summary = { run: run.id, status: run.status, summary: run.summary };
  if (approval.status === 'declined')
    return out.result(
      summary,
      `${run.id} ended as ${run.status}: ${run.failure?.message ?? run.summary ?? 'declined'}`,
    );
  requireSuccess(run);
  out.step('succeeded', `${run.id}: ${run.summary ?? run.status}`, undefined, summary);
  if (approval.kind !== 'kill-confirmation') return;
  out.note(`  what is proved of it: ${context.command(`kill-certificate ${run.id}`)}`);
  out.note(`  the way back begins: ${context.command(`post-mortem draft ${run.id} --file post-mortem.md`)}`);
}

function afterSignOff({ out, command }: Context, { status, runId, strategyId }: Approval): void {
  out.note(`  the post-mortem is ${status}: ${command(`post-mortem show ${runId}`)}`);
  if (status === 'complete') out.note(`  then two people recover it: ${command(`recover --strategy ${strategyId}`)}`);
}
