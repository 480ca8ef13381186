import * as z from 'zod';
import type { LeafTest } from './compile-condition.ts';

const Sign = z.enum(['<', '<=', '=', '>', '>=']);
const Numeric = z.union([z.tuple([Sign, z.number()]), z.tuple([Sign, z.number(), Sign, z.number()])]);

const holds: Record<z.infer<typeof Sign>, (left: number, right: number) => boolean> = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '=': (left, right) => left === right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

/** `[">", 0]` or a range such as `[">", 0, "<=", 5]`. */
export function compileNumeric(operand: unknown): LeafTest {
  const [sign, bound, secondSign, secondBound] = Numeric.parse(operand);
  return (leaf) =>
    typeof leaf === 'number' &&
    holds[sign](leaf, bound) &&
    (secondSign === undefined || secondBound === undefined || holds[secondSign](leaf, secondBound));
}
