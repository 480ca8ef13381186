import * as z from 'zod';
import { Plan } from './plan.ts';
import { changesOfPlan, type PlanDifference, planDifferences } from './plan-differences.ts';

/** The plan as it would be now; or, where nothing may be launched now, why not, with the documents that stand there instead. */
export const PlanNow = z.union([
  z.object({ plan: Plan }),
  z.object({
    refused: z.object({ code: z.string(), message: z.string() }),
    documents: z.record(z.string(), z.unknown()),
  }),
]);
export type PlanNow = z.infer<typeof PlanNow>;

/** What is not any more as it was when people were shown this plan: nothing as long as it stands. */
export function changedSince(shown: unknown, now: PlanNow): PlanDifference[] {
  if ('plan' in now) return changesOfPlan(shown, now.plan);
  const { limits, parameters }: { limits?: unknown; parameters?: unknown } = Object(shown);
  return [
    { path: 'change', approved: 'approved', now: `not any more: ${now.refused.message}` },
    ...planDifferences({ limits, parameters }, now.documents),
  ];
}
