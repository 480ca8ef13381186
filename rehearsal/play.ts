import { type Mark, painter, stepLine } from '../cli/output/marks.ts';
import type { Step } from './scenario.ts';
import type { World } from './world.ts';

/** Where the story is told. */
export type Stage = {
  write(line: string): void;
  transient(line: string): void;
  readonly paint: ReturnType<typeof painter>;
};

/** A stage on this process's terminal; on a pipe only finished lines are written. */
export function stage(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Stage {
  const live = stream.isTTY === true;
  return {
    paint: painter(live && !env['NO_COLOR'] && env['TERM'] !== 'dumb'),
    write: (line) => void stream.write(live ? `\r\u001b[K${line}\n` : `${line}\n`),
    transient: (line) => void (live && stream.write(`\r\u001b[K${line}`)),
  };
}

/** One line of the story. */
export const say = ({ write, paint }: Stage, mark: Mark, text: string, durationMs?: number): void =>
  write(stepLine(paint, mark, text, durationMs));

/** A failure that the audience has read already. */
export class ToldFailure extends Error {
  override name = 'ToldFailure';
}

/** Plays one step and says how it went and how long it took. Throws a ToldFailure after it told what went wrong. */
export async function play(on: Stage, step: Step, world: World): Promise<void> {
  const startedAt = performance.now();
  on.transient(stepLine(on.paint, 'running', step.name));
  try {
    const seen = await step.act(world);
    say(on, 'succeeded', `${step.name}: ${seen}`, performance.now() - startedAt);
  } catch (error) {
    const message = `${step.name}: ${error instanceof Error ? error.message : String(error)}`;
    say(on, 'failed', message, performance.now() - startedAt);
    throw new ToldFailure(message, { cause: error });
  }
}
