import { type Cancellation, Cancelled } from '../cancellation.ts';
import type { Machine, Scope, State } from '../definition/machine.ts';
import type { Engine } from '../engine.ts';
import { saveLine } from '../journal/lines.ts';
import type { Json } from '../json.ts';

export interface Variables {
  readonly [name: string]: Json;
}

/** A task that was scheduled. Kept until its state is left or retried. */
export interface TaskProgress {
  readonly arguments: Json;
  /** ms since the epoch */
  readonly scheduledAt: number;
  readonly timeoutSeconds?: number;
  readonly heartbeatSeconds?: number;
  readonly token?: string;
  /** Name of the execution a startExecution task starts, so that a repeated start finds the same one. */
  readonly childName?: string;
  /** Set in the transaction of TaskSubmitted: from then on the call is never repeated. Holds the child's ARN. */
  submitted?: string;
  /** Set in the transaction of TaskSucceeded: from then on the task is never asked again. */
  result?: { readonly value: Json };
}

/** A failure that no retrier takes. `uncaught` when it arose in a catcher, which is not caught again. */
export interface FinalFailure {
  readonly error?: string;
  readonly cause?: string;
  readonly onlyByName?: true;
  readonly alias?: string;
  readonly uncaught?: true;
}

/** The lines that a Parallel or Map has started. */
export interface FanProgress {
  readonly inputs: readonly Json[];
  readonly limit: number;
  /** Items of a Map, for its context object; its inputs differ when an ItemSelector made them. */
  readonly items?: readonly Json[];
  result?: { readonly value: Json };
}

/** One visit of one state: persisted, so that recovery writes neither its entry nor its schedule twice. */
export interface Visit {
  /** Newest event before the entry. */
  readonly before: number;
  readonly entered: number;
  /** ms since the epoch */
  readonly enteredAt: number;
  /** Attempts each retrier has spent, by its index. */
  readonly spent: Record<number, number>;
  retries: number;
  /** When the next attempt is due, ms since the epoch. */
  retryAt?: number;
  /** When a Wait ends, ms since the epoch. */
  dueAt?: number;
  task?: TaskProgress;
  fan?: FanProgress;
  failure?: FinalFailure;
}

/** Where a line of control stands: what recovery needs to go on. */
export interface Cursor {
  state: string;
  input: Json;
  /** Newest event of this line: the predecessor of its next one. */
  last: number;
  visit?: Visit;
  /** Output of a line that ended and waits for its siblings. */
  ended?: { readonly output: Json; readonly event: number };
}

export interface Run {
  readonly engine: Engine;
  readonly id: number;
  readonly arn: string;
  readonly name: string;
  readonly machineName: string;
  readonly role: string;
  readonly input: Json;
  readonly startedAt: number;
  readonly machine: Machine;
  readonly cancellation: Cancellation;
  lastEvent: number;
  /** Cursors found at recovery, until their lines go on. */
  readonly recovered: Map<string, { readonly cursor: Cursor; readonly variables: Variables }>;
  /** Runs a line to its end. A field, since fan-out states and lines run each other. */
  readonly follow: (line: Line) => Promise<Json>;
}

/** One line of control: the machine itself, a branch of a Parallel, or an iteration of a Map. */
export interface Line {
  readonly run: Run;
  readonly path: string;
  readonly cursor: Cursor;
  readonly scope: Scope;
  /** Variables of the scopes around, which this line reads but cannot assign. */
  readonly outer: Variables;
  variables: Variables;
  readonly cancellation: Cancellation;
  readonly item?: { readonly Index: number; readonly Value: Json };
  /** Lines inside the current state, so that an abort can name what they were doing. */
  readonly inner: Map<number, Line>;
  /** Writes what the end of this line means; runs in the transaction of its last event. */
  readonly end: (output: Json, line: Line) => void;
}

/** Writes changes of a line together. A line that was called off writes nothing. */
export function commit<Result>(line: Line, change: () => Result): Result {
  if (line.cancellation.cancelled) throw new Cancelled();
  return line.run.engine.journal.write(change);
}

/** Stores where the line stands; inside a commit. */
export function save(line: Line, variables?: 'variables'): void {
  const { run, path, cursor } = line;
  saveLine(run.engine.journal, run.id, path, JSON.stringify(cursor), variables && JSON.stringify(line.variables));
}

/** The state the line is in, and its visit. */
export function current(line: Line): { state: State; visit: Visit } {
  const state = line.scope.States[line.cursor.state];
  if (!state || !line.cursor.visit) throw new Error(`${line.run.arn}: '${line.cursor.state}' was never entered`);
  return { state, visit: line.cursor.visit };
}
