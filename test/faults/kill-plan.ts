import fc from 'fast-check';

/** Who asks for a kill, and how: a person with a token for one strategy, the key of a device, or a person for the whole desk. */
export const KILLERS = ['trader', 'risk', 'device', 'scope'] as const;
export type Killer = (typeof KILLERS)[number];

export type PlannedKill = {
  readonly by: Killer /** From the beginning of the fault; negative: before it. */;
  readonly atMs: number;
};

/** What one seed makes of one case. The fault begins at 0 and lasts as long as its round says. */
export type KillPlan = {
  readonly seed: number;
  readonly mode: 'ACTIVE' | 'LAUNCHING' | 'OFF' | 'STOPPING';
  /** How many rest at the venue, where it is live. */
  readonly orders: number;
  readonly kills: readonly PlannedKill[];
};

const BEFORE_MS = 400;
const AFTER_MS = 400;

const moments = (lengthMs: number) =>
  fc.oneof(
    { weight: 1, arbitrary: fc.integer({ min: -BEFORE_MS, max: -1 }) },
    { weight: 4, arbitrary: fc.integer({ min: 20, max: lengthMs - 100 }) },
    { weight: 1, arbitrary: fc.integer({ min: lengthMs, max: lengthMs + AFTER_MS }) },
  );

const plans = (lengthMs: number) =>
  fc.record({
    mode: fc.oneof(
      { weight: 5, arbitrary: fc.constant('ACTIVE' as const) },
      { weight: 2, arbitrary: fc.constantFrom('LAUNCHING' as const, 'OFF' as const, 'STOPPING' as const) },
    ),
    orders: fc.integer({ min: 1, max: 6 }),
    kills: fc.array(fc.record({ by: fc.constantFrom(...KILLERS), atMs: moments(lengthMs) }), {
      minLength: 1,
      maxLength: 3,
    }),
  });

export const planOf = (seed: number, lengthMs: number): KillPlan => ({ seed, ...one(plans(lengthMs), seed) });

/** How long a fault lasts. */
export const lengthOf = (seed: number): number => one(fc.integer({ min: 800, max: 3_500 }), seed);

function one<T>(arbitrary: fc.Arbitrary<T>, seed: number): T {
  const [value] = fc.sample(arbitrary, { seed, numRuns: 1 });
  if (value === undefined) throw new Error('fast-check made nothing');
  return value;
}
