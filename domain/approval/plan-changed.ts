import { differenceWords, type PlanDifference } from '../plan/plan-differences.ts';
import { Refusal } from '../refusal.ts';
import type { Approval } from './approval.ts';
import { beginAgain } from './begin-again.ts';

const NAMED = 3;

/** Why a question is over, for whoever signs it, relies on it or has asked it. */
export function planChanged({ id, kind, changed = [] }: Approval): Refusal {
  const message = `what ${id} binds has changed: ${changeWords(changed)}`;
  return new Refusal('PlanChanged', message, `look at the new plan, then ${beginAgain(kind)}`, { changed });
}

/** The first few differences in words, and how many more there are. */
export function changeWords(changed: readonly PlanDifference[]): string {
  const named = changed.slice(0, NAMED).map(differenceWords).join('; ');
  return changed.length > NAMED ? `${named}; and ${changed.length - NAMED} more` : named;
}
