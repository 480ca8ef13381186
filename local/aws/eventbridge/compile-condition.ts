import * as z from 'zod';
import { compileNumeric } from './compile-numeric.ts';

/** Whether one leaf of the event meets the condition; undefined stands for a field the event does not have. */
export type LeafTest = (leaf: unknown) => boolean;

const Text = z.string();
const Plain = z.union([z.string(), z.number()]);
const AnythingBut = z.union([Plain, z.array(Plain).min(1), z.strictObject({ prefix: Text })]);

const operators: Record<string, (operand: unknown) => LeafTest> = {
  prefix(operand) {
    const prefix = Text.parse(operand);
    return (leaf) => typeof leaf === 'string' && leaf.startsWith(prefix);
  },
  exists(operand) {
    const wanted = z.boolean().parse(operand);
    return (leaf) => isLeaf(leaf) === wanted && (wanted || leaf === undefined);
  },
  numeric: compileNumeric,
  'anything-but'(operand) {
    const refused = AnythingBut.parse(operand);
    if (typeof refused === 'object' && 'prefix' in refused) {
      return (leaf) => typeof leaf === 'string' && !leaf.startsWith(refused.prefix);
    }
    const values: readonly unknown[] = Array.isArray(refused) ? refused : [refused];
    return (leaf) => isLeaf(leaf) && !values.includes(leaf);
  },
};

/** One entry of a pattern's list: a plain value (exact), or an object with one of the operators prefix, anything-but, exists, numeric. */
export function compileCondition(condition: unknown, path: string): LeafTest {
  if (typeof condition !== 'object' || condition === null) return (leaf) => leaf === condition;
  const [[name, operand] = ['nothing', undefined], ...others] = Object.entries(condition);
  const compile = Object.hasOwn(operators, name) && others.length === 0 ? operators[name] : undefined;
  if (!compile) {
    const known = Object.keys(operators).join(', ');
    throw new TypeError(`${path} uses ${JSON.stringify(condition)}; this host knows exact values and ${known}`);
  }
  try {
    return compile(operand);
  } catch (cause) {
    throw new TypeError(`${path}: "${name}" cannot take ${JSON.stringify(operand)}`, { cause });
  }
}

/** A field that is an object has no value of its own; AWS matches leaves only. */
function isLeaf(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
