import * as z from 'zod';
import { canonicalJson } from '../ledger/canonical-json.ts';

/** One thing that is not as it was: where it stands (`limits.leverageCap`), what was shown or signed, and what is there now. */
export const PlanDifference = z.object({ path: z.string(), approved: z.string(), now: z.string() });
export type PlanDifference = z.infer<typeof PlanDifference>;

/**
 * Everything in which two documents differ, leaf by leaf; none exactly when they have the same digest. Members come in alphabetical
 * order, and lists are compared place by place. A value is shown as it stands, what is absent as `nothing`.
 */
export function planDifferences(approved: unknown, now: unknown, path = ''): PlanDifference[] {
  if (isSame(approved, now)) return [];
  if (!isBranch(approved) || !isBranch(now) || Array.isArray(approved) !== Array.isArray(now))
    return [{ path, ...shown(approved, now) }];
  const [before, after]: Record<string, unknown>[] = [{ ...approved }, { ...now }];
  const keys = [...new Set([...Object.keys(approved), ...Object.keys(now)])].toSorted(byPlace);
  return keys.flatMap((key) => planDifferences(before?.[key], after?.[key], path === '' ? key : `${path}.${key}`));
}

/** What follows from other parts of a plan, and is told after them. */
const DERIVED = /^(blastRadius\.|maxOrdersPerSec$)|Digest$/;

/** The differences of two plans, causes before what follows from them. */
export function changesOfPlan(approved: unknown, now: unknown): PlanDifference[] {
  const all = planDifferences(approved, now);
  const isCause = ({ path }: PlanDifference) => !DERIVED.test(path);
  return [...all.filter(isCause), ...all.filter((each) => !isCause(each))];
}

/** In one sentence, for people who are told that a plan has changed. */
export const differenceWords = ({ path, approved, now }: PlanDifference): string =>
  `${path} was ${approved}, is ${now}`;

const isSame = (left: unknown, right: unknown): boolean =>
  left === undefined || right === undefined ? left === right : canonicalJson(left) === canonicalJson(right);

const isBranch = (value: unknown): value is object => typeof value === 'object' && value !== null;

const byPlace = (left: string, right: string): number => Number(left) - Number(right) || (left < right ? -1 : 1);

/** Text without quotation marks, unless the two would look the same. */
function shown(approved: unknown, now: unknown): Omit<PlanDifference, 'path'> {
  const plain = { approved: words(approved), now: words(now) };
  return plain.approved === plain.now ? { approved: exactWords(approved), now: exactWords(now) } : plain;
}

const words = (value: unknown): string => (typeof value === 'string' ? value : exactWords(value));

const exactWords = (value: unknown): string => (value === undefined ? 'nothing' : canonicalJson(value));
