import { setTimeout as delay } from 'node:timers/promises';
import { KILL_UNDER_FAULT } from './kill-under-fault.ts';
import { onStage } from './on-stage.ts';
import { play, type Stage, say, stage } from './play.ts';
import { kill, SCENARIO, type Step } from './scenario.ts';
import type { World } from './world.ts';

/** `npm run tour`: the rehearsal at a pace a person can read, with a fault in it. `--fast` leaves out the pauses. */
const isFast = process.argv.includes('--fast');
const WORDS_PER_SECOND = 4;

const steps = SCENARIO.flatMap((step) => (step === kill ? KILL_UNDER_FAULT : [step]));
const here = stage(process.stdout, process.env);
here.write(
  'A strategy is launched, stopped, launched again, killed, recovered and drilled, on this machine, by the same code that runs on AWS.\n',
);
const right = await onStage(here, async (world) => {
  for (const [index, step] of steps.entries()) await tell(here, step, world, `${index + 1} of ${steps.length}`);
});
say(
  here,
  right ? 'succeeded' : 'failed',
  right ? 'That was it. Start your own with: npm start' : 'the tour ended early',
);
process.exitCode = right ? 0 : 1;

async function tell(on: Stage, step: Step, world: World, position: string): Promise<void> {
  on.write(`\n${on.paint('dim', position)} ${on.paint('bold', step.name)}`);
  on.write(step.why);
  on.write(on.paint('dim', `look: ${step.look(world)} --as auditor --data ${world.host.data}`));
  await pause(step.why);
  await play(on, step, world);
}

/** Long enough to read it, never longer than nine seconds, so that the tour stays under five minutes. */
async function pause(text: string): Promise<void> {
  if (!isFast) await delay(Math.min(9000, (text.split(' ').length / WORDS_PER_SECOND) * 1000));
}
