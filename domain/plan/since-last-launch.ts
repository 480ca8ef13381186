import * as z from 'zod';
import { approvalId } from '../approval/open-approval.ts';
import { Digest, RunId } from '../ids.ts';
import { digestOf } from '../ledger/digest.ts';
import type { Ports } from '../ports/ports.ts';
import type { Plan } from './plan.ts';
import { changesOfPlan, PlanDifference } from './plan-differences.ts';

const MOST_SHOWN = 100;

/** What is new in a plan beside that of the last launch of the strategy that went through. `count` is the number of differences; the first 100 are named. */
export const SinceLastLaunch = z.object({
  run: RunId,
  planDigest: Digest,
  count: z.int().min(0),
  differences: z.array(PlanDifference),
});
export type SinceLastLaunch = z.infer<typeof SinceLastLaunch>;

/** Nothing for a first launch, and where the last one is too long ago to be in the list of runs. */
export async function sinceLastLaunch(
  plan: Plan,
  { records }: { readonly records: Pick<Ports['records'], 'get' | 'list'> },
): Promise<SinceLastLaunch | undefined> {
  const runs = await records.list('RUN');
  const last = runs.find(
    ({ machine, strategyId, status }) => machine === 'launch' && strategyId === plan.strategy && status === 'SUCCEEDED',
  );
  const approval = last && (await records.get('APPROVAL', approvalId({ runId: last.id }, 'launch-confirmation')));
  const before = approval?.document['plan'];
  if (!last || before === undefined) return undefined;
  const differences = changesOfPlan(before, plan);
  return {
    ...{ run: last.id, planDigest: digestOf(before) },
    ...{ count: differences.length, differences: differences.slice(0, MOST_SHOWN) },
  };
}
