import { isObject, type Json } from '../json.ts';
import type { Report } from './diagnostic.ts';

type Fields = { readonly [name: string]: Json };

interface Transition {
  readonly target: string;
  /** Where the target is named. */
  readonly from: string;
}

/** Every Next, Default and StartAt names a state of this scope, and every state can be reached. */
export function checkTransitions(scope: Fields, states: Fields, location: string, report: Report): void {
  const base = location === '/' ? '' : location;
  const start = scope['StartAt'];
  if (typeof start !== 'string') {
    report(`${base}/StartAt`, "'StartAt' must name a state");
    return;
  }
  const reached = new Set<string>();
  const queue: Transition[] = [{ target: start, from: `${base}/StartAt` }];
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { target, from } = next;
    if (!Object.hasOwn(states, target)) {
      report(from, `Missing 'Next' target: ${target}`, 'MISSING_TRANSITION_TARGET');
    } else if (!reached.has(target)) {
      reached.add(target);
      queue.push(...transitionsOf(states[target], `${base}/States/${target}`));
    }
  }
  for (const name of Object.keys(states).filter((state) => !reached.has(state))) {
    report(`${base}/States/${name}`, `The state '${name}' cannot be reached`, 'MISSING_TRANSITION_TARGET');
  }
}

function transitionsOf(state: Json | undefined, at: string): Transition[] {
  if (!isObject(state)) return [];
  const nested = (field: string) => {
    const list = state[field];
    if (!Array.isArray(list)) return [];
    return list.map((entry, index) => ({
      target: isObject(entry) && entry['Next'],
      from: `${at}/${field}[${index}]/Next`,
    }));
  };
  const all = [
    { target: state['Next'], from: `${at}/Next` },
    { target: state['Default'], from: `${at}/Default` },
    ...nested('Choices'),
    ...nested('Catch'),
  ];
  return all.flatMap(({ target, from }) => (typeof target === 'string' ? [{ target, from }] : []));
}
