import type { Ports } from './clock.ts';
import type { Run } from './execution/line.ts';
import type { Journal } from './journal/journal.ts';
import type { Call } from './tasks/call.ts';

/** What a Task reaches outside of the engine. */
export interface Endpoints {
  readonly lambda: Call;
  readonly events: Call;
}

/** One engine: the journal, the ports, and what is running. */
export interface Engine {
  readonly journal: Journal;
  readonly ports: Ports;
  readonly region: string;
  readonly endpoints: Endpoints;
  /** Functions that expressions may call, bound to the ports. */
  readonly functions: Readonly<Record<string, unknown>>;
  /** Running executions by ARN. */
  readonly runs: Map<string, Run>;
  /** Who waits for a callback, by token. */
  readonly callbacks: Map<string, CallbackListener>;
  /** Who waits for the end of an execution, by ARN. */
  readonly completions: Map<string, Set<() => void>>;
  /** Tells the host about status changes that were queued. */
  readonly announce: () => void;
  /** Starts an execution, from the wire or from a Task. */
  readonly start: (request: StartRequest) => { readonly arn: string; readonly startedAt: number };
  readonly stop: (arn: string, reason: { error?: string; cause?: string }) => number;
  /** A fault that is no failure of an execution: a bug, or a broken disk. The engine must not go on. */
  readonly fault: (fault: unknown) => void;
}

export interface StartRequest {
  readonly machineArn: string;
  readonly name?: string | undefined;
  /** JSON text */
  readonly input: string;
}

export interface CallbackListener {
  /** A result was stored with the token. */
  readonly settled: () => void;
  readonly heartbeat: () => void;
}
