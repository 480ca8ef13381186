import assert from 'node:assert/strict';
import { Refusal } from '../../domain/refusal.ts';

/** For assert.rejects: it was refused, by this code. */
export const refusal = (code: string) => (error: unknown) => {
  assert.ok(error instanceof Refusal, String(error));
  assert.equal(error.code, code, error.message);
  return true;
};
