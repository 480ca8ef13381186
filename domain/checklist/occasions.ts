import type { Known } from './need.ts';

/** Why an item of a stop had no occasion: the run ended otherwise. */
export function unlessStopped({ course }: Known): string | undefined {
  if (course.state === 'killed') return 'the run ended in a kill, which takes the place of a planned stop';
  return course.state === 'withdrawn' ? 'the launch was withdrawn: nothing was left to stop' : undefined;
}

/** Why an item of a kill had none. */
export const unlessKilled = ({ course }: Known): string | undefined =>
  course.kills.length === 0 ? 'nothing was killed in this run' : undefined;

/** Why an item about what a run leaves behind had none. */
export const unlessTraded = ({ course }: Known): string | undefined =>
  course.state === 'withdrawn' && !course.wasLive ? 'the launch was withdrawn before anything traded' : undefined;

/** Why an item about trading had none. */
export const unlessLive = ({ course }: Known): string | undefined =>
  course.wasLive || course.state === 'launching' ? undefined : 'the run never traded';
