import type { Approval } from '../approval/approval.ts';
import { type PlanDifference, planDifferences } from '../plan/plan-differences.ts';
import type { Restriction } from './restriction.ts';

/** What a lift changes, and why it was held back: what two people sign, beside what was to be seen around it. */
export const liftTerms = ({ mode, maxOrdersPerSec, approvedOrdersPerSec, causes }: Restriction) => ({
  from: { mode, maxOrdersPerSec },
  to: { mode: 'ACTIVE', maxOrdersPerSec: approvedOrdersPerSec },
  causes,
});

/** In what the strategy is held back otherwise now than a question says; nothing where two people still sign what would be lifted. */
export function liftChanged({ document }: Pick<Approval, 'document'>, restriction: Restriction): PlanDifference[] {
  const { from, to, causes } = document;
  return planDifferences({ from, to, causes }, liftTerms(restriction));
}
