import type { Context } from '../context.ts';
import type { Run } from '../replies.ts';
import { followRun } from './follow-run.ts';
import { announceApprovals } from './next-signatures.ts';
import { requireSuccess } from './require-success.ts';

/** `meanwhile` completes "... waits for people", where there is something to know until they have signed. */
export type FollowUntilSigned = { readonly timeoutSeconds: number; readonly meanwhile?: string };

/**
 * Follows a run until it needs people or has ended well, and gives it back in the second case. In the first it says who signs what.
 * Refuses with the findings when the run did not go through.
 */
export async function followUntilSigned(
  context: Context,
  runId: string,
  { timeoutSeconds, meanwhile }: FollowUntilSigned,
): Promise<Run | undefined> {
  const { run, approvals } = await followRun(context, await context.api('operate'), runId, {
    until: 'people',
    timeoutMs: timeoutSeconds * 1000,
  });
  if (approvals.length > 0) {
    const waits = `${run.id} waits for people${meanwhile === undefined ? '' : `; ${meanwhile}`}`;
    context.out.result({ run: run.id, waitsFor: approvals }, waits);
    announceApprovals(context, approvals);
    return undefined;
  }
  requireSuccess(run);
  return run;
}
