import { isObject, type Json } from '../json.ts';
import { checkExpressions } from './check-expressions.ts';
import { checkFields, checkQueryLanguage, join, requireFields } from './check-fields.ts';
import { checkState } from './check-state.ts';
import { checkTransitions } from './check-transitions.ts';
import { assignedNames, checkVariables } from './check-variables.ts';
import type { Report } from './diagnostic.ts';
import { BRANCH_FIELDS, PROCESSOR_FIELDS } from './state-fields.ts';

type Fields = { readonly [name: string]: Json };

interface Surroundings {
  readonly location: string;
  readonly express: boolean;
  /** Variables that the scopes around this one assign. */
  readonly outer: ReadonlySet<string>;
}

/** Checks the states of a machine, a branch or an item processor, and all scopes inside them. */
export function checkScope(scope: Fields, { location, express, outer }: Surroundings, report: Report): void {
  if (!requireFields(scope, ['StartAt', 'States'], location, report)) return;
  const states = scope['States'];
  if (!isObject(states) || Object.keys(states).length === 0) {
    report(join(location, 'States'), "'States' must hold at least one state");
    return;
  }
  checkTransitions(scope, states, location, report);
  for (const [name, state] of Object.entries(states)) {
    const at = `${join(location, 'States')}/${name}`;
    checkState({ name, state, location: at, express }, report);
    if (!isObject(state)) continue;
    checkVariables(state, outer, at, report);
    checkExpressions(state, at, report);
    checkInner(state, { location: at, express, outer: new Set([...outer, ...namesBeside(states, name)]) }, report);
  }
}

/** What the other states assign. Those of the state itself come after its inner scopes, and may share their names. */
function namesBeside(states: Fields, name: string) {
  const others = Object.entries(states).filter(([other]) => other !== name);
  return others.flatMap(([, state]) => (isObject(state) ? assignedNames(state) : []));
}

function checkInner({ Branches: branches, ItemProcessor: processor }: Fields, around: Surroundings, report: Report) {
  for (const [index, branch] of Array.isArray(branches) ? branches.entries() : []) {
    const location = `${around.location}/Branches[${index}]`;
    if (isObject(branch)) checkInnerScope(branch, BRANCH_FIELDS, { ...around, location }, report);
    else report(location, 'a branch must be an object');
  }
  if (!isObject(processor)) return;
  const location = `${around.location}/ItemProcessor`;
  checkMode(processor['ProcessorConfig'], location, report);
  checkInnerScope(processor, PROCESSOR_FIELDS, { ...around, location }, report);
}

function checkMode(config: Json | undefined, location: string, report: Report) {
  const mode = isObject(config) ? (config['Mode'] ?? 'INLINE') : 'INLINE';
  if (mode !== 'INLINE') report(`${location}/ProcessorConfig/Mode`, "'Mode' must be INLINE");
}

function checkInnerScope(scope: Fields, allowed: readonly string[], around: Surroundings, report: Report) {
  checkFields(scope, allowed, around.location, report);
  checkQueryLanguage(scope, around.location, report);
  checkScope(scope, around, report);
}
