import { canonicalJson } from './canonical-json.ts';

type Members = Readonly<Record<string, unknown>>;

/** RFC 7396 (JSON Merge Patch) section 2: members of the patch replace those of the target, `null` removes, arrays are replaced whole. Changes neither. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const members = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) members.delete(name);
    else members.set(name, applyMergePatch(members.get(name), value));
  }
  return Object.fromEntries(members);
}

/**
 * The smallest patch that leads from one object to another: `{}` when they are equal. `undefined` members count as absent, and
 * so do `null` ones, since a merge patch cannot say that a member is null.
 */
export function mergePatchBetween(before: Members, after: Members): Members {
  const [had, has] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  const names = new Set([...had.keys(), ...has.keys()]);
  return Object.fromEntries([...names].flatMap((name) => changeOf(name, had.get(name) ?? null, has.get(name) ?? null)));
}

function changeOf(name: string, before: unknown, after: unknown): [name: string, value: unknown][] {
  if (canonicalJson(before) === canonicalJson(after)) return [];
  return [[name, isObject(after) ? mergePatchBetween(isObject(before) ? before : {}, after) : after]];
}

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
