import type { StateFailure } from '../failure.ts';

const NOT_A_TASK_FAILURE = ['States.Timeout', 'States.HeartbeatTimeout', 'States.Runtime'];

/**
 * Whether a retrier or catcher takes the failure. `States.ALL` leaves out States.Runtime and oversize data, since the
 * next state would fail the same way; `States.TaskFailed` leaves out timeouts too. Holds in Parallel and Map alike.
 */
export function matchesError(errorEquals: readonly string[], failure: StateFailure): boolean {
  return errorEquals.some((name) => matchesName(name, failure));
}

function matchesName(name: string, { error = '', alias, onlyByName }: StateFailure): boolean {
  if (name === error || name === alias) return true;
  switch (name) {
    case 'States.ALL':
      return !onlyByName && error !== 'States.Runtime';
    case 'States.TaskFailed':
      return !onlyByName && !NOT_A_TASK_FAILURE.includes(error);
    case 'States.Timeout':
      return error === 'States.HeartbeatTimeout';
    default:
      return false;
  }
}
