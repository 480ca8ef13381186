import type { StateFailure } from '../failure.ts';

const NOT_A_TASK_FAILURE = ['States.Timeout', 'States.HeartbeatTimeout', 'States.Runtime'];

/**
 * Whether a retrier or catcher takes the failure. `States.ALL` leaves out States.Runtime and oversize data, since the
 * next state would fail the same way; `States.TaskFailed` leaves out timeouts too. Holds in Parallel and Map alike.
 */
export function matchesError(errorEquals: readonly string[], failure: StateFailure): boolean {
  return errorEquals.some((name) => {
    if (name === 'States.ALL') return !failure.onlyByName && failure.error !== 'States.Runtime';
    if (name === 'States.TaskFailed') return !failure.onlyByName && !NOT_A_TASK_FAILURE.includes(failure.error ?? '');
    if (name === 'States.Timeout' && failure.error === 'States.HeartbeatTimeout') return true;
    return name === failure.error || (failure.alias !== undefined && name === failure.alias);
  });
}
