import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EXIT_CODES, exitOf } from '../../cli/exit-codes.ts';
import { REFUSAL_CODES } from '../../domain/refusal.ts';

describe('exit codes', () => {
  it('are different for every meaning, and keep 1 to 5 as TradePulse has them', () => {
    const codes = Object.values(EXIT_CODES).map(([code]) => code);

    assert.equal(new Set(codes).size, codes.length);
    assert.deepEqual(codes.slice(0, 6), [0, 1, 2, 3, 4, 5]);
  });

  it('give every refusal one of them, and none of them success or a fault', () => {
    for (const code of REFUSAL_CODES) assert.ok(EXIT_CODES[exitOf(code)][0] > 1, code);
  });

  it('follow the HTTP status where the code is not known', () => {
    assert.deepEqual(
      [400, 401, 403, 404, 409, 500, 503].map((status) => EXIT_CODES[exitOf('Newer', status)][0]),
      [2, 11, 12, 2, 14, 1, 15],
    );
  });
});
