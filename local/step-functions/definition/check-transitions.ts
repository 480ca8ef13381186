import { isObject, type Json } from '../json.ts';
import type { Report } from './diagnostic.ts';

type Fields = { readonly [name: string]: Json };

/** Every Next, Default and StartAt names a state of this scope, every path ends, and every state can be reached. */
export function checkTransitions(scope: Fields, states: Fields, location: string, report: Report): void {
  const start = scope['StartAt'];
  const reached = new Set<string>();
  const queue: string[] = [];
  const follow = (target: Json | undefined, from: string) => {
    if (typeof target !== 'string') return;
    if (!Object.hasOwn(states, target)) {
      report(from, `Missing 'Next' target: ${target}`, 'MISSING_TRANSITION_TARGET');
    } else if (!reached.has(target)) {
      reached.add(target);
      queue.push(target);
    }
  };
  follow(start, `${location === '/' ? '' : location}/StartAt`);
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const state = states[name];
    const at = `${location === '/' ? '' : location}/States/${name}`;
    if (isObject(state)) for (const [target, from] of targets(state, at)) follow(target, from);
  }
  if (typeof start !== 'string') return;
  for (const name of Object.keys(states)) {
    const at = `${location === '/' ? '' : location}/States/${name}`;
    if (!reached.has(name)) report(at, `The state '${name}' cannot be reached`, 'MISSING_TRANSITION_TARGET');
  }
}

function targets(state: Fields, at: string): [Json | undefined, string][] {
  const nested = (field: string): [Json | undefined, string][] => {
    const list = state[field];
    if (!Array.isArray(list)) return [];
    return list.map((entry, index) => [isObject(entry) ? entry['Next'] : undefined, `${at}/${field}[${index}]/Next`]);
  };
  return [[state['Next'], `${at}/Next`], [state['Default'], `${at}/Default`], ...nested('Choices'), ...nested('Catch')];
}
