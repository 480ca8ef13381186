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
    return report(join(location, 'States'), "'States' must hold at least one state");
  }
  checkTransitions(scope, states, location, report);
  for (const [name, state] of Object.entries(states)) {
    const at = `${join(location, 'States')}/${name}`;
    checkState(name, state, at, express, report);
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

function checkInner(state: Fields, surroundings: Surroundings, report: Report) {
  const { Branches: branches, ItemProcessor: processor } = state;
  if (Array.isArray(branches)) {
    branches.forEach((branch, index) => {
      const location = `${surroundings.location}/Branches[${index}]`;
      if (!isObject(branch)) return report(location, 'a branch must be an object');
      checkFields(branch, BRANCH_FIELDS, location, report);
      checkQueryLanguage(branch, location, report);
      checkScope(branch, { ...surroundings, location }, report);
    });
  }
  if (isObject(processor)) {
    const location = `${surroundings.location}/ItemProcessor`;
    checkFields(processor, PROCESSOR_FIELDS, location, report);
    checkQueryLanguage(processor, location, report);
    const config = processor['ProcessorConfig'];
    const mode = isObject(config) ? (config['Mode'] ?? 'INLINE') : 'INLINE';
    if (mode !== 'INLINE') report(`${location}/ProcessorConfig/Mode`, "'Mode' must be INLINE");
    checkScope(processor, { ...surroundings, location }, report);
  }
}
