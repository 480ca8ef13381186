import { isDeep } from '../../../is-deep.ts';

/** How often a property is tried: all of it in `npm run test:deep`, a part of it in `npm test`; the same values each time. */
export const runs = (all: number, part: number): { numRuns: number; seed: number } => ({
  numRuns: isDeep ? all : part,
  seed: 20_261_125,
});
