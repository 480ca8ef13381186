import assert from 'node:assert/strict';
import fc from 'fast-check';
import { verified } from './a-ledger.ts';
import { aPooledLog, Dice } from './a-random-log.ts';
import type { Attack } from './attacks.ts';
import { runs } from './property-runs.ts';

/** Tries an attack on random logs at random places: not one of them may end as sound. */
export const isFoundOut = (attack: Attack): Promise<void> =>
  fc.assert(
    fc.asyncProperty(fc.nat(), fc.nat(), async (logSeed, placeSeed) => {
      const { lines, outside } = await attack(await aPooledLog(logSeed), new Dice(placeSeed));

      const { verdict, findings } = verified(lines, outside);

      assert.notEqual(verdict, 'sound');
      assert.ok(findings.length > 0);
    }),
    runs(10_000, 150),
  );
