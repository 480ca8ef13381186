import type { RunId, StrategyId } from '../ids.ts';
import type { PostMortem } from '../post-mortem/post-mortem.ts';

export type Overdue = { readonly run: RunId; readonly number: number; readonly text: string; readonly due: string };

/** Corrective actions of a strategy's post-mortems that are not done although their day is over (UTC), oldest first. */
export const overdueActions = (all: readonly PostMortem[], strategyId: StrategyId, now: Date): Overdue[] =>
  all
    .filter((each) => each.strategyId === strategyId)
    .flatMap(({ id: run, actions }) => actions.map((action, at) => ({ ...action, run, number: at + 1 })))
    .filter(({ done, due }) => !done && due < now.toISOString().slice(0, 10))
    .map(({ run, number, text, due }) => ({ run, number, text, due }))
    .toSorted((left, right) => left.due.localeCompare(right.due));
