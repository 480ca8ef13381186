import { Targets } from '../drift/targets.ts';
import type { StrategyId } from '../ids.ts';
import type { WatchdogPorts } from './watchdog-ports.ts';

/** Where the portfolio targets of a strategy stand in the evidence bucket, for engines that tell none themselves (runbook 3.3). */
const targetsKey = (id: StrategyId): string => `portfolio/targets/${id}.json`;

/** The portfolio targets of a strategy, or nothing where there is no file. Throws for one that is not in order, or of another strategy. */
export async function readTargets(
  id: StrategyId,
  { portfolio }: Pick<WatchdogPorts, 'portfolio'>,
): Promise<Targets | undefined> {
  const file = await portfolio.read(targetsKey(id));
  if (!file) return undefined;
  const targets = Targets.parse(JSON.parse(new TextDecoder().decode(file.bytes)));
  if (targets.strategy !== id) throw new Error(`${file.key} holds the targets of ${targets.strategy}`);
  return targets;
}
