import type { Leaving, Template } from '../definition/machine.ts';
import { type Evaluation, evaluateTemplate } from '../expressions/evaluate-template.ts';
import { oversize, StateFailure } from '../failure.ts';
import { isOversize, type Json } from '../json.ts';
import { enterState } from './enter-state.ts';
import { emit, requireRoom } from './history.ts';
import { commit, current, type Line, save, type Variables } from './line.ts';

const VARIABLES_LIMIT = 10_485_760;

/** How a state is left: with its output, and what it assigned. */
export interface Departure {
  readonly output: Json;
  readonly assigned: Variables;
  readonly next: string | undefined;
}

/** Evaluates Output and Assign, both from the same snapshot. `field` is where they stand, for the cause of a failure. */
export async function prepareDeparture(
  leaving: Leaving,
  { evaluation, fallback, field = '' }: { evaluation: Evaluation; fallback: Json; field?: string },
): Promise<Departure> {
  const { Output, Assign, Next } = leaving;
  const output = Output === undefined ? fallback : await evaluateTemplate(Output, `${field}Output`, evaluation);
  const assigned = Assign ? await evaluateAssign(Assign, field, evaluation) : {};
  requireSize(output, evaluation.state);
  return { output, assigned, next: Next };
}

async function evaluateAssign(assign: { readonly [name: string]: Template }, field: string, evaluation: Evaluation) {
  const assigned: Record<string, Json> = {};
  for (const [name, template] of Object.entries(assign)) {
    assigned[name] = await evaluateTemplate(template, `${field}Assign/${name}`, evaluation);
  }
  requireSize(assigned, evaluation.state);
  return assigned;
}

function requireSize(value: Json | Variables, state: string) {
  if (isOversize(JSON.stringify(value))) throw oversize(state);
}

/** Writes the exit and, in the same transaction, the entry of the next state or the end of the line. */
export function leaveState(line: Line, { output, assigned, next }: Departure): void {
  const { state } = current(line);
  const names = Object.keys(assigned);
  if (names.length > 0) refuseAssign(line, assigned);
  requireRoom(line);
  commit(line, () => {
    emit(line, `${state.Type}StateExited`, {
      name: line.cursor.state,
      output: JSON.stringify(output),
      ...(names.length > 0 && { assignedVariables: texts(assigned), assignedVariablesDetails: { truncated: false } }),
    });
    if (names.length > 0) line.variables = { ...line.variables, ...assigned };
    if (next === undefined) line.end(output, line);
    else enterState(line, next, output);
    if (names.length > 0 && next !== undefined) save(line, 'variables');
  });
}

function texts(assigned: Variables) {
  return Object.fromEntries(Object.entries(assigned).map(([name, value]) => [name, JSON.stringify(value)]));
}

function refuseAssign(line: Line, assigned: Variables) {
  const taken = Object.keys(assigned).find((name) => Object.hasOwn(line.outer, name));
  if (taken !== undefined) {
    const cause = `The variable '${taken}' belongs to an outer scope, which '${line.cursor.state}' may not assign.`;
    throw new StateFailure({ error: 'States.Runtime', cause, onlyByName: true });
  }
  const total = JSON.stringify({ ...line.variables, ...assigned }).length;
  if (total > VARIABLES_LIMIT) throw oversize(line.cursor.state);
}
