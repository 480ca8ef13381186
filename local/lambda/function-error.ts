import type { FunctionError } from './sandbox-message.ts';

/** What was thrown, as Lambda's Node runtime reports it: the error's name, message and stack, or the type of anything else. */
export function functionError(thrown: unknown): FunctionError {
  if (!(thrown instanceof Error)) return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  const { name, message, stack = '' } = thrown;
  return { errorType: name, errorMessage: message, trace: stack.split('\n') };
}
