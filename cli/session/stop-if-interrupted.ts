import { CliError } from '../cli-error.ts';

/** Why a login ended that the person stopped with Ctrl-C. */
export const loginInterrupted = () =>
  new CliError('interrupted', 'the login was interrupted', 'give the command again', { code: 'LoginInterrupted' });

/** Ends a login that waits for something once the person has pressed Ctrl-C. */
export function stopIfInterrupted(interrupted: AbortSignal | undefined): void {
  if (interrupted?.aborted) throw loginInterrupted();
}
