import * as z from 'zod';
import type { World } from './world.ts';

const StrategyView = z.looseObject({
  mode: z.string(),
  tradingAllowed: z.boolean(),
  leases: z.array(z.unknown()),
  flag: z.looseObject({ live: z.boolean().nullable() }),
  latch: z.looseObject({ runId: z.string() }).nullable(),
});

/** The control plane's own view of a strategy, read through the command line. */
export async function view(world: World): Promise<z.infer<typeof StrategyView>> {
  const { lines } = await world.cli('status', '--strategy', world.strategy, '--as', 'auditor');
  return StrategyView.parse(lines[0]);
}

/** The run of the last kill of the story. Throws before there is one. */
export function lastKill({ notes }: World): string {
  const run = notes.get('kill');
  if (run === undefined) throw new Error('nothing was killed yet');
  return run;
}
