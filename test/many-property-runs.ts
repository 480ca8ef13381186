import fc from 'fast-check';

/** `npm run test:deep` loads this first: each property is tried on 5,000 values instead of 100, where a test does not say otherwise. */
fc.configureGlobal({ numRuns: 5_000 });
