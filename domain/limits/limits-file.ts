import type { StrategyId } from '../ids.ts';
import { problemText } from '../launch/check-risk-envelope.ts';
import { LIMITS_KEY, RiskLimits, type StrategyLimits } from '../launch/risk-limits.ts';
import { digestOf } from '../ledger/digest.ts';
import type { ReadYaml } from '../ports/read-yaml.ts';
import { Refusal } from '../refusal.ts';

const MOST_PROBLEMS = 5;

/** A limits file that somebody proposes: its value, or a refusal with the line and reason of each mistake. */
export function readLimits(text: string, readYaml: ReadYaml): RiskLimits | Refusal {
  const { value, problems } = readYaml(text, RiskLimits);
  if (value) return value;
  const told = problems.slice(0, MOST_PROBLEMS).map(problemText).join('; ');
  return new Refusal('InvalidRequest', `these are no limits: ${told}`, 'mend what is named, and propose them again', {
    problems,
  });
}

/**
 * What a proposed file changes: the part of one strategy, and nothing else. Refuses one that has no limits for the strategy, and one that
 * would change another strategy's too, since two people sign for one.
 */
export function changeIn(
  before: RiskLimits | undefined,
  after: RiskLimits,
  strategyId: StrategyId,
): { readonly before: StrategyLimits | undefined; readonly after: StrategyLimits } | Refusal {
  const own = after.strategies[strategyId];
  if (!own)
    return new Refusal(
      'InvalidRequest',
      `${LIMITS_KEY} would have no limits for ${strategyId}`,
      'add them to the file',
    );
  const ids = new Set([...Object.keys(before?.strategies ?? {}), ...Object.keys(after.strategies)]);
  const others = [...ids].filter((id) => id !== strategyId && partOf(before, id) !== partOf(after, id));
  if (others.length > 0)
    return new Refusal(
      'InvalidRequest',
      `the file would change the limits of ${others.join(', ')} too`,
      'change one strategy at a time: take the stored file, and edit the part of this strategy alone',
      { others },
    );
  return { before: before?.strategies[strategyId], after: own };
}

function partOf(limits: RiskLimits | undefined, id: string): string | undefined {
  const part = Object.entries(limits?.strategies ?? {}).find(([name]) => name === id)?.[1];
  return part && digestOf(part);
}
