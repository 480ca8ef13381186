import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fromRoot } from '../../lib/from-root.ts';

type Rule = { ErrorEquals: string[] };
export type State = {
  Type: string;
  Comment?: string;
  TimeoutSeconds?: number | string;
  Retry?: Rule[];
  Catch?: Rule[];
  Resource?: string;
};
type Machine = { QueryLanguage?: string; TimeoutSeconds?: number; States: Record<string, State> };

/** Every state machine of the repository: its name, its definition, and all its states, nested ones by `outer / inner`. */
export const stateMachines = globSync('statemachines/*.asl.json', { cwd: fromRoot() })
  .sort()
  .map((path) => {
    const definition: Machine = JSON.parse(readFileSync(fromRoot(path), 'utf8'));
    return { name: basename(path, '.asl.json'), path: fromRoot(path), definition, states: statesOf(definition) };
  });

function statesOf(value: unknown, path = ''): [string, State][] {
  if (typeof value !== 'object' || value === null) return [];
  const { States, ...rest } = value as { States?: Record<string, State> };
  const own = Object.entries(States ?? {}).map(([name, state]): [string, State] => [`${path}${name}`, state]);
  const nested = Object.entries(States ?? {}).flatMap(([name, state]) => statesOf(state, `${path}${name} / `));
  return [...own, ...nested, ...Object.values(rest).flatMap((each) => statesOf(each, path))];
}

/** Every text in a definition, with the place it stands at. */
export function textsOf(value: unknown, place = ''): [string, string][] {
  if (typeof value === 'string') return [[place, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => textsOf(each, `${place}/${key}`));
}
