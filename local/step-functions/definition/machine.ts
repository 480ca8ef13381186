import type { Json } from '../json.ts';

/** A field that is a value, or a `{% expression %}` that yields one, at any depth. */
export type Template = Json;

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

/** Where a state goes and what it hands on. */
export interface Leaving {
  readonly Next?: string;
  readonly Output?: Template;
  readonly Assign?: { readonly [variable: string]: Template };
}

export interface Catcher extends Leaving {
  readonly ErrorEquals: readonly string[];
}

interface Fallible extends Leaving {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export interface PassState extends Leaving {
  readonly Type: 'Pass';
}
export interface SucceedState extends Leaving {
  readonly Type: 'Succeed';
}
export interface FailState {
  readonly Type: 'Fail';
  readonly Error?: Template;
  readonly Cause?: Template;
}
export interface WaitState extends Leaving {
  readonly Type: 'Wait';
  readonly Seconds?: Template;
  readonly Timestamp?: Template;
}
export interface ChoiceRule extends Leaving {
  readonly Condition: Template;
}
export interface ChoiceState extends Leaving {
  readonly Type: 'Choice';
  readonly Choices: readonly ChoiceRule[];
  readonly Default?: string;
}
export interface TaskState extends Fallible {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly Arguments?: Template;
  readonly TimeoutSeconds?: Template;
  readonly HeartbeatSeconds?: Template;
}
export interface ParallelState extends Fallible {
  readonly Type: 'Parallel';
  readonly Branches: readonly Scope[];
  readonly Arguments?: Template;
}
export interface MapState extends Fallible {
  readonly Type: 'Map';
  readonly ItemProcessor: Scope;
  readonly Items?: Template;
  readonly ItemSelector?: Template;
  readonly MaxConcurrency?: Template;
}

export type State =
  | PassState
  | SucceedState
  | FailState
  | WaitState
  | ChoiceState
  | TaskState
  | ParallelState
  | MapState;

/** States with one entry: a machine, a branch, or the processor of a Map. */
export interface Scope {
  readonly StartAt: string;
  readonly States: { readonly [name: string]: State };
}

/** A validated state machine (JSONata). */
export interface Machine extends Scope {
  readonly TimeoutSeconds?: number;
}
