/** Where text goes. `isTTY` decides about colour, redrawing and prompts; `columns` about width. */
export type Stream = {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
};

/** What a token must be good for. Without `freshWithinSeconds` any login will do. */
export type TokenNeed = {
  readonly dataPath: string;
  readonly as?: string | undefined;
  /** The identity provider of a control plane elsewhere; without it, the one of the data folder. */
  readonly remote?: { readonly issuer: string; readonly clientId: string } | undefined;
  readonly freshWithinSeconds?: number | undefined;
  readonly scopes: readonly string[];
  /** Nobody may be asked: rather no token than a login page. */
  readonly askNobody?: boolean | undefined;
};

/** Everything outside that a command touches: streams, time, ids, prompts and logins, so that tests can stand in for each. */
export type Surroundings = {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  /** Monotonic milliseconds. */
  readonly elapsedMs: () => number;
  readonly newKey: () => string;
  readonly sleep: (ms: number) => Promise<void>;
  /** Asks the person at the terminal; undefined when nobody is there. */
  readonly ask: (question: string) => Promise<string | undefined>;
  /** An access token of the person (`--as`) that fulfils the need; logs in again by itself where it can. */
  readonly accessToken: (need: TokenNeed) => Promise<string>;
  /** Shows a page to the person, where they have a browser. */
  readonly openBrowser: (url: string) => void;
  /** Aborted by Ctrl-C. */
  readonly interrupted: AbortSignal;
};
