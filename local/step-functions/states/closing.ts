import { StateFailure } from '../failure.ts';

/** Lets a failure before the first branch or iteration end with `MapStateFailed` or `ParallelStateFailed` too. */
export async function closing<Result>(type: 'Map' | 'Parallel', start: () => Promise<Result>): Promise<Result> {
  try {
    return await start();
  } catch (failure) {
    if (!(failure instanceof StateFailure)) throw failure;
    const { error, cause, event, onlyByName } = failure;
    throw new StateFailure({
      error,
      cause,
      onlyByName,
      ...(event && { event }),
      closing: { type: `${type}StateFailed` },
    });
  }
}
