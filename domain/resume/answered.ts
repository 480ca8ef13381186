import { Refusal } from '../refusal.ts';

/** An expected no is an answer too: whoever looks at evidence says what was refused instead of failing. Faults are thrown. */
export const answered = <T>(asked: Promise<T>): Promise<T | Refusal> =>
  asked.catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error;
    return error;
  });
