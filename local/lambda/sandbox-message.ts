/** What a sandbox is started with. */
export type SandboxOptions = {
  readonly codePath: string;
  readonly handler: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMb: number;
  /** Folder of V8's compile cache, which makes a second start cheaper; undefined for none. */
  readonly compileCache: string | undefined;
  /** How far its thread stands back behind others that want a processor, from 0 (not at all) to 19 (it gets one when nobody else wants it). */
  readonly nice: number;
};

/** One invocation, to the sandbox. The event is text, so that the handler gets a copy of its own. */
export type Invocation = {
  readonly requestId: string;
  readonly event: string;
  /** Epoch milliseconds at which the host ends it. */
  readonly deadline: number;
};

/** An error as Lambda reports it. */
export type FunctionError = {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
};

/** From the sandbox: first that it has loaded (or why not), then one answer for each invocation. */
export type FromSandbox =
  | { readonly kind: 'loaded'; readonly error: FunctionError | undefined }
  | { readonly kind: 'answer'; readonly payload: string; readonly error: false }
  | { readonly kind: 'answer'; readonly payload: string; readonly error: true };
