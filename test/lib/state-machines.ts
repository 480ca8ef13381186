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
type Machine = {
  QueryLanguage?: string;
  TimeoutSeconds?: number;
  StartAt: string;
  States: Record<string, State & Flow>;
};

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

type Way = { Next?: string; Assign?: Record<string, unknown> };
type Flow = Way & { Catch?: Way[]; Choices?: Way[]; Default?: string; Branches?: Flows[] };
type Flows = { StartAt: string; States: Record<string, Flow> };

/** The variables that a state uses although some way to it has not assigned them, as `state: $name`: there the execution fails. */
export function unassigned(machine: Flows, outer: readonly string[] = []): string[] {
  const before = assignedBefore(machine, outer);
  return Object.entries(machine.States).flatMap(([name, { Branches = [], ...state }]) => {
    const known = before.get(name) ?? [];
    const missing = variablesIn(state).filter((each) => !known.includes(each));
    return [...missing.map((each) => `${name}: $${each}`), ...Branches.flatMap((branch) => unassigned(branch, known))];
  });
}

/** By state: what every way to it has assigned. */
function assignedBefore({ StartAt, States }: Flows, outer: readonly string[]): Map<string, readonly string[]> {
  const before = new Map([[StartAt, outer]]);
  const open = [StartAt];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const { Next = '', Assign = {} } of waysOut(States[at])) {
      const known = [...new Set([...(before.get(at) ?? []), ...Object.keys(Assign)])];
      const seen = before.get(Next);
      const always = seen?.filter((name) => known.includes(name)) ?? known;
      if (always.length === seen?.length) continue;
      before.set(Next, always);
      open.push(Next);
    }
  }
  return before;
}

const waysOut = (state: Flow = {}): Way[] => [
  state,
  ...(state.Catch ?? []),
  ...(state.Choices ?? []),
  ...(state.Default === undefined ? [] : [{ Next: state.Default }]),
];

const variablesIn = (state: Flow): string[] => [
  ...new Set(
    textsOf(state).flatMap(([, text]) =>
      [...text.matchAll(/\$(?!states\b)([a-z]\w*)\b(?!\()/gi)].map(([, name = '']) => name),
    ),
  ),
];

/** Every text in a definition, with the place it stands at. */
export function textsOf(value: unknown, place = ''): [string, string][] {
  if (typeof value === 'string') return [[place, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => textsOf(each, `${place}/${key}`));
}
