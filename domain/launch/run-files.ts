/** All findings of the preconditions, in the folder of the run: what go/no-go reads again. */
export const PRECONDITIONS = 'preconditions.json';

/** The rehearsal of the kill path. */
export const KILL_PATH = 'kill-path.json';

/** The decision with its whole evidence. */
export const GO_NO_GO = 'go-no-go.json';
