import { readFileSync } from 'node:fs';
import { fromRoot } from '../../lib/from-root.ts';

type Retry = { ErrorEquals: string[]; MaxAttempts: number };
type Catch = { ErrorEquals: string[]; Next: string; Assign?: Record<string, string> };
type State = {
  Type: 'Task' | 'Parallel' | 'Succeed' | 'Fail';
  Resource?: string;
  Arguments?: { FunctionName?: string };
  Branches?: Definition[];
  Retry?: Retry[];
  Catch?: Catch[];
  Next?: string;
};
type Definition = { StartAt: string; States: Record<string, State> };

/** What the states of one execution share; a step gets all of it, and its result is added. */
export type Context = Record<string, unknown>;
/** `execution` names one run of a machine. */
export type Walk = {
  execution: string;
  /** Runs the Lambda that a state names, e.g. `ArmAndEnable`. */
  step: (name: string, input: Context) => Promise<unknown>;
  /** Until somebody answers for this token. */
  answered: (token: string, state: string) => Promise<unknown>;
  /** Before a state begins, and before it is tried again. */
  pause: (state: string) => Promise<void>;
};

const definitions = new Map<string, Definition>();

/** The machine as `statemachines/` has it. */
export function definitionOf(machine: string): Definition {
  const known = definitions.get(machine);
  if (known) return known;
  const read: Definition = JSON.parse(readFileSync(fromRoot(`statemachines/${machine}.asl.json`), 'utf8'));
  definitions.set(machine, read);
  return read;
}

/**
 * Runs a state machine as Step Functions would, as far as order, retry, catch, parallel branches and task tokens go. Data is
 * simpler: every state gets what all before it have answered, and what a Catch has added to the run as true. Throws the error of a machine that ends in a Fail state.
 */
export async function walkMachine({ StartAt, States }: Definition, context: Context, walk: Walk): Promise<Context> {
  let at = StartAt;
  for (;;) {
    const state = States[at];
    if (state === undefined || state.Type === 'Succeed') return context;
    if (state.Type === 'Fail') throw new MachineFailed(`${walk.execution}: ${at}`);
    const next = await passed(at, state, context, walk);
    if (next === undefined) return context;
    at = next;
  }
}

/** A machine that ended in a Fail state, as it is meant to when a launch is refused. */
export class MachineFailed extends Error {}

/** Runs one state; answers the name of the next one. */
async function passed(name: string, state: State, context: Context, walk: Walk): Promise<string | undefined> {
  try {
    const result = state.Branches
      ? { gates: await Promise.all(state.Branches.map((branch) => walkMachine(branch, { ...context }, walk))) }
      : await tried(name, state, context, walk);
    Object.assign(context, result);
    return state.Next;
  } catch (error) {
    const handler = state.Catch?.find(({ ErrorEquals }) => matches(ErrorEquals, error));
    if (!handler) throw error;
    Object.assign(
      context,
      { failure: { Error: nameOf(error), Cause: String(error) } },
      addedTo(handler.Assign?.['run']),
    );
    return handler.Next;
  }
}

/** `{% $merge([$run, { 'noneMayStay': true }]) %}` adds that. */
const addedTo = (run = ''): Context =>
  Object.fromEntries([...run.matchAll(/'(\w+)': true/g)].map(([, name]) => [name, true]));

/** A task with its retries. */
async function tried(name: string, state: State, context: Context, walk: Walk): Promise<unknown> {
  const left = new Map((state.Retry ?? []).map((retry) => [retry, retry.MaxAttempts]));
  for (let attempt = 0; ; attempt += 1) {
    await walk.pause(name);
    try {
      return await task(name, state, { ...context, taskToken: `${walk.execution}/${name}/${attempt}` }, walk);
    } catch (error) {
      if (!mayRetry(left, error)) throw error;
    }
  }
}

/** The first retrier that names the error counts; each has its own number of attempts. */
function mayRetry(left: Map<Retry, number>, error: unknown): boolean {
  const retry = [...left.keys()].find(({ ErrorEquals }) => matches(ErrorEquals, error));
  const attempts = retry ? (left.get(retry) ?? 0) : 0;
  if (retry) left.set(retry, attempts - 1);
  return attempts > 0;
}

async function task(name: string, { Resource = '', Arguments }: State, input: Context, { step, answered }: Walk) {
  const waits = Resource.endsWith('.waitForTaskToken');
  const lambda = /^\$\{(\w+)\}$/.exec(waits ? (Arguments?.FunctionName ?? '') : Resource)?.[1] ?? '';
  if (!waits) return step(lambda, input);
  const waiting = answered(String(input['taskToken']), name);
  waiting.catch(() => undefined); // it may be sent home before its Lambda is done
  await step(lambda, input);
  return waiting;
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : String(error));
const matches = (names: readonly string[], error: unknown): boolean =>
  names.includes('States.ALL') || names.includes(nameOf(error));
