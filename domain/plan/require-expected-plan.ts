import { changeWords } from '../approval/plan-changed.ts';
import type { StrategyId } from '../ids.ts';
import { digestOf } from '../ledger/digest.ts';
import type { Plans } from '../ports/plans.ts';
import { Refusal } from '../refusal.ts';
import type { ExpectedPlan } from './expected-plan.ts';
import { changedSince } from './plan-now.ts';

/** Nothing acts on a stale screen: throws PlanChanged, with the differences, when the plan is not the one that was shown any more. */
export async function requireExpectedPlan(
  strategyId: StrategyId,
  { expectedPlan, shownPlan }: ExpectedPlan,
  { plans }: { readonly plans: Pick<Plans, 'now'> },
): Promise<void> {
  if (expectedPlan === undefined) return;
  const now = await plans.now(strategyId);
  const actual = 'plan' in now ? digestOf(now.plan) : null;
  if (actual === expectedPlan) return;
  const wasShown = shownPlan !== undefined && digestOf(shownPlan) === expectedPlan;
  const changed = changedSince(wasShown ? shownPlan : {}, now);
  const what = wasShown ? changeWords(changed) : 'its digest is another one';
  throw new Refusal(
    'PlanChanged',
    `the plan is not the one that you were shown: ${what}`,
    'look at the new plan, then launch',
    { expected: expectedPlan, actual, changed: wasShown ? changed : [] },
  );
}
