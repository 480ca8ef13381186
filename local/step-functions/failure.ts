import type { Json } from './json.ts';

/** An event that a failure leaves in the history. */
export interface FailureEvent {
  readonly type: string;
  readonly details?: Readonly<Record<string, Json>>;
  /** Predecessor; the newest event of the line when absent. */
  readonly previous?: number;
}

interface Options {
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
  /** Written at every occurrence. */
  readonly event?: FailureEvent;
  /** Written once, when no retrier takes the failure. */
  readonly closing?: FailureEvent;
  /** Only a catcher that names the error may take it: States.ALL does not. */
  readonly onlyByName?: boolean;
  /** A second name by which Retry and Catch may know the error. */
  readonly alias?: string;
}

/** The failure of a state: what Retry and Catch match, and what ends the execution when neither does. */
export class StateFailure extends Error {
  override readonly name = 'StateFailure';
  readonly error: string | undefined;
  override readonly cause: string | undefined;
  readonly event: FailureEvent | undefined;
  readonly closing: FailureEvent | undefined;
  readonly onlyByName: boolean;
  readonly alias: string | undefined;

  constructor({ error, cause, event, closing, onlyByName = false, alias }: Options) {
    super(`${error ?? 'no error name'}: ${cause ?? 'no cause'}`);
    this.error = error;
    this.cause = cause;
    this.event = event;
    this.closing = closing;
    this.onlyByName = onlyByName;
    this.alias = alias;
  }

  /** The value of `$states.errorOutput`. */
  get output(): Json {
    return { Error: this.error ?? null, Cause: this.cause ?? null };
  }

  /** The same as details of an event: absent stays absent. */
  get details(): Record<string, Json> {
    return {
      ...(this.error !== undefined && { error: this.error }),
      ...(this.cause !== undefined && { cause: this.cause }),
    };
  }
}

/** A payload larger than 256 KiB. Never caught by States.ALL, since the catcher's state would be handed the same data. */
export function oversize(what: string): StateFailure {
  return new StateFailure({
    error: 'States.DataLimitExceeded',
    cause: `The state/task '${what}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    onlyByName: true,
  });
}
