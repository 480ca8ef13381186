/** What came of asking a provider over HTTP: an answer, or why there was none. Nothing in it is secret. */
export type Exchange = Answer | NoAnswer;

export type Answer = {
  readonly status: number;
  /** The first 16 KiB of the body. */
  readonly text: string;
  /** How long the provider wants to be left alone, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
};

/** `refused`: by us, before anything was sent. */
export type NoAnswer = { readonly problem: 'refused' | 'late' | 'unreachable'; readonly detail: string };
