import fc from 'fast-check';

/** Whether this is `npm run test:deep` (test/many-property-runs.ts), which has the time for every case; `npm test` takes some of them. */
export const isDeep = fc.readConfigureGlobal().numRuns !== undefined;
