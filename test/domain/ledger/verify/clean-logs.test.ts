import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { LogId } from '../../../../domain/ledger/ledger-entry.ts';
import { leafHash } from '../../../../domain/ledger/merkle.ts';
import type { Trust } from '../../../../domain/ledger/verify/held-evidence.ts';
import { type ALog, bundleOf, KEYS, LOG, trust, verified } from './a-ledger.ts';
import { aRandomLog, aRandomSelection, type Dice } from './a-random-log.ts';
import { runs } from './property-runs.ts';

/** What an auditor may know of a log: its first key or all of them, one of its checkpoints, a receipt of an entry that is shown. */
function aRandomTrust({ entries, checkpoints }: ALog, lines: readonly string[], dice: Dice): Trust {
  const held = dice.chance(2) ? [dice.pick(checkpoints).note] : [];
  const keys = held.length > 0 ? KEYS : dice.pick([KEYS.slice(0, 1), KEYS]);
  const index = dice.roll(entries.length + 1);
  const text = entries[index];
  const isShown = text !== undefined && lines.includes(text);
  return trust({ keys, held, receipts: isShown ? [{ log: LogId.parse(LOG), index, leafHash: leafHash(text) }] : [] });
}

describe('the verifier raises no false alarm', () => {
  it('over random logs, whatever was asked for, whichever key is trusted, and whatever was kept of them', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const { dice, ...log } = aRandomLog(seed);
        const size = log.entries.length;
        const lines = await bundleOf(log, aRandomSelection(dice, size));

        const report = verified(lines, aRandomTrust(log, lines, dice));

        assert.deepEqual([report.verdict, report.findings], ['sound', []]);
        assert.equal(report.trustedUpTo, size);
        assert.equal(report.entries + report.omitted, size);
      }),
      runs(10_000, 150),
    ));
});
