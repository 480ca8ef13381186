import fc from 'fast-check';

/** Whether this is `npm run test:deep` (test/many-property-runs.ts), which has the time for every case; `npm test` takes some of them. */
export const isDeep = fc.readConfigureGlobal().numRuns !== undefined;

/** Why a test is skipped that `npm test` has no time for, on two processors in six minutes. */
export const DEEP = 'npm run test:deep does it';
