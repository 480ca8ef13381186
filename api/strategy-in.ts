import { StrategyId } from '../domain/ids.ts';
import { Refusal } from '../domain/refusal.ts';

/** A strategy id out of a path; what cannot be one is an unknown strategy. */
export function strategyIn(text: string): StrategyId {
  const id = StrategyId.safeParse(text);
  if (!id.success)
    throw new Refusal(
      'UnknownStrategy',
      `there is no strategy ${text.slice(0, 60)}`,
      'look at the list of strategies',
      { strategyId: text.slice(0, 60) },
    );
  return id.data;
}
