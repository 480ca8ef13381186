import { onStage } from './on-stage.ts';
import { play, say, stage } from './play.ts';
import { SCENARIO } from './scenario.ts';

/** `npm run rehearsal`: the whole story against a fresh local host; ends with 0 only if every observed state was right. */
const startedAt = performance.now();
const here = stage(process.stdout, process.env);
const right = await onStage(here, async (world) => {
  for (const step of SCENARIO) await play(here, step, world);
});
say(
  here,
  right ? 'succeeded' : 'failed',
  right ? 'rehearsed: every observed state was right' : 'the rehearsal failed',
  performance.now() - startedAt,
);
process.exitCode = right ? 0 : 1;
