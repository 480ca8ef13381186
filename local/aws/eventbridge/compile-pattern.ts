import { compileCondition, type LeafTest } from './compile-condition.ts';

type Matches = (value: unknown) => boolean;

/**
 * Turns an EventBridge event pattern into a test. Every field of the pattern has to match, any one condition of a field's list is
 * enough, and an array in the event matches when one of its elements does. Throws on an operator it does not know: a rule that
 * silently never fires is worse than a host that does not start.
 */
export function compilePattern(pattern: unknown, path = 'pattern'): Matches {
  if (!isRecord(pattern)) throw new TypeError(`${path} must be an object of fields`);
  const fields = Object.entries(pattern).map(
    ([name, condition]) => [name, compileField(condition, `${path}.${name}`)] as const,
  );
  if (fields.length === 0) throw new TypeError(`${path} must name at least one field`);
  return (value) => fields.every(([name, matches]) => matches(isRecord(value) ? value[name] : undefined));
}

function compileField(condition: unknown, path: string): Matches {
  if (isRecord(condition)) return compilePattern(condition, path);
  if (!Array.isArray(condition) || condition.length === 0) throw new TypeError(`${path} must be a list of conditions`);
  const tests: LeafTest[] = condition.map((one) => compileCondition(one, path));
  return (value) => {
    const leaves: unknown[] = Array.isArray(value) ? value : [value];
    return tests.some((test) => leaves.some(test));
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
