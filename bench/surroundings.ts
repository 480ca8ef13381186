import { setTimeout as delay } from 'node:timers/promises';

/** What logging in takes when nobody sits at a terminal. */
export const SURROUNDINGS = {
  env: process.env,
  now: () => new Date(),
  sleep: (ms: number) => delay(ms),
  stderr: process.stderr,
  interrupted: new AbortController().signal,
};
