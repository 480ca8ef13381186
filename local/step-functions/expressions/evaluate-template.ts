import { StateFailure } from '../failure.ts';
import { isObject, type Json, parseJson } from '../json.ts';
import { compileExpression, messageOf } from './compile-expression.ts';
import { expressionIn } from './expression-in.ts';

/** What an expression can read, and how a failure is told. */
export interface Evaluation {
  /** `$states`, the variables and the functions. */
  readonly bindings: Readonly<Record<string, unknown>>;
  /** The state, and the event at which it was entered, for the cause of a failure. */
  readonly state: string;
  readonly entered: number;
  /** Predecessor of the EvaluationFailed event. */
  readonly previous: number;
}

/** Evaluates every `{% %}` of a template. `field` is its path with slashes, as the failure names it. */
export async function evaluateTemplate(template: Json, field: string, evaluation: Evaluation): Promise<Json> {
  if (typeof template === 'string') {
    const expression = expressionIn(template);
    return expression === undefined ? template : evaluateExpression(expression, field, evaluation);
  }
  if (Array.isArray(template)) {
    const items: Json[] = [];
    for (const [index, item] of template.entries())
      items.push(await evaluateTemplate(item, `${field}[${index}]`, evaluation));
    return items;
  }
  if (!isObject(template)) return template;
  const result: Record<string, Json> = {};
  for (const [name, value] of Object.entries(template)) {
    result[name] = await evaluateTemplate(value, `${field}/${name}`, evaluation);
  }
  return result;
}

async function evaluateExpression(expression: string, field: string, evaluation: Evaluation): Promise<Json> {
  const compiled = compileExpression(expression);
  const told = `The JSONata expression '${expression}' specified for the field '${field}'`;
  if (compiled instanceof Error)
    throw evaluationFailure(`${told} cannot be parsed: ${compiled.message}`, field, evaluation);
  let value: unknown;
  try {
    value = await compiled.evaluate(undefined, evaluation.bindings);
  } catch (error) {
    throw evaluationFailure(`${told} threw an error during evaluation. ${messageOf(error)}`, field, evaluation);
  }
  // once through JSON: strips JSONata's marks on sequences, and finds what JSON cannot hold
  const text = typeof value === 'function' ? undefined : JSON.stringify(value);
  const plain = text === undefined || isFunction(value) ? undefined : parseJson(text);
  if (plain === undefined) throw evaluationFailure(`${told} returned nothing (undefined).`, field, evaluation);
  return plain;
}

/** JSONata represents a function value as an object with a mark. */
function isFunction(value: unknown) {
  return typeof value === 'object' && value !== null && ('_jsonata_lambda' in value || '_jsonata_function' in value);
}

/** Demands a type of an evaluated field. */
export function expectType(
  { value, template, field }: { value: Json; template: Json; field: string },
  type: 'array' | 'number' | 'string' | 'boolean',
  evaluation: Evaluation,
): void {
  const actual = typeOf(value);
  if (actual === type) return;
  const expression = typeof template === 'string' ? expressionIn(template) : undefined;
  const told = expression === undefined ? 'The value' : `The JSONata expression '${expression}'`;
  const wrong = `returned an unexpected result type. Expected '${type}', but was '${actual}' for value: ${JSON.stringify(value)}`;
  throw evaluationFailure(`${told} specified for the field '${field}' ${wrong}`, field, evaluation);
}

function typeOf(value: Json) {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** States.QueryEvaluationError with its event; `field` is absent when no field is to blame. */
export function evaluationFailure(what: string, field: string | undefined, evaluation: Evaluation): StateFailure {
  const { state, entered, previous } = evaluation;
  const error = 'States.QueryEvaluationError';
  const cause = `An error occurred while executing the state '${state}' (entered at the event id #${entered}). ${what}`;
  const details = { error, cause, ...(field !== undefined && { location: field }), state };
  return new StateFailure({ error, cause, event: { type: 'EvaluationFailed', details, previous } });
}
