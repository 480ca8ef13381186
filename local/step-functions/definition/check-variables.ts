import { isObject, type Json } from '../json.ts';
import { join } from './check-fields.ts';
import type { Report } from './diagnostic.ts';

type Fields = { readonly [name: string]: Json };
const NAME = /^\p{ID_Start}\p{ID_Continue}{0,79}$/u;

/** Names assigned by a state, its catchers and its rules. */
export function assignedNames(state: Fields): string[] {
  const nested = [state['Catch'], state['Choices']].flatMap((list) => (Array.isArray(list) ? list : []));
  return [state, ...nested].flatMap((owner) => {
    const assign = isObject(owner) ? owner['Assign'] : undefined;
    return isObject(assign) ? Object.keys(assign) : [];
  });
}

/** Variable names are legal, and an inner scope assigns no name that a state outside of it assigns. */
export function checkVariables(state: Fields, outer: ReadonlySet<string>, location: string, report: Report): void {
  for (const name of assignedNames(state)) {
    const at = join(location, 'Assign');
    if (!NAME.test(name) || name === 'states') report(at, `'${name}' is not a legal name for a variable`);
    if (outer.has(name)) report(at, `'${name}' belongs to an outer scope, which this state may read but not assign`);
  }
}
