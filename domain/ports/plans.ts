import type { StrategyId } from '../ids.ts';
import type { PlanNow } from '../plan/plan-now.ts';
import type { PlanQuestion, ShownPlan } from '../plan/shown-plan.ts';

/** What a launch would do now. Asking changes nothing. Both throw UnknownStrategy; whoever gets no answer signs nothing. */
export interface Plans {
  /** The plan alone. */
  now(strategyId: StrategyId): Promise<PlanNow>;
  /** The plan with the verdict of every gate. */
  show(question: Omit<Extract<PlanQuestion, { ask: 'gates' }>, 'ask'>): Promise<ShownPlan>;
}
