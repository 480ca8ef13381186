import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ControlState, changesBetween, changesToWhole } from '../../../domain/ledger/control-state.ts';
import { applyMergePatch } from '../../../domain/ledger/merge-patch.ts';
import { Mode } from '../../../domain/mode.ts';
import { newStrategy, Strategy } from '../../../domain/strategy.ts';
import { START, STRATEGY } from '../../fakes/world.ts';

const at = START.toISOString();
const text = fc.constantFrom('a', 'b');
const digest = text.map((letter) => `sha256:${letter.repeat(64)}`);
const lock = fc.record({ runId: text, actor: text, acquiredAt: fc.constant(at), expiresAt: fc.constant(at) });
const latch = fc.record(
  {
    ...{ runId: text, initiatedBy: text, initiatorRoles: fc.array(text, { maxLength: 2 }), reason: text },
    ...{ at: fc.constant(at), confirmedBy: text },
  },
  { requiredKeys: ['runId', 'initiatedBy', 'initiatorRoles', 'reason', 'at'] },
);
/** Any state at all, with and without each of its members and of theirs. */
const states = fc
  .record(
    {
      ...{
        mode: fc.constantFrom(...Mode.options),
        epoch: fc.nat(3),
        maxOrdersPerSec: fc.nat(3),
        flagVersion: fc.nat(3),
      },
      ...{ run: fc.record({ id: text, ticket: text }, { requiredKeys: ['id'] }), lock, latch },
      ...{ artifactDigest: digest, limitsDigest: digest, parametersDigest: digest, spooledKills: fc.nat(2) },
    },
    { requiredKeys: [] },
  )
  .map((members) => Strategy.parse({ ...newStrategy(STRATEGY), ...members }));

const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

describe('changesToWhole', () => {
  it('leads to a state from any other one, members of members too', () =>
    fc.assert(
      fc.property(states, states, (known, state) => {
        const changes = plain(changesToWhole(state));

        assert.deepEqual(applyMergePatch(plain(ControlState.parse(known)), changes), plain(ControlState.parse(state)));
      }),
      { seed: 1, numRuns: 1_000 },
    ));

  it('names every member that a state can have', () => {
    assert.deepEqual(
      Object.keys(changesToWhole(newStrategy(STRATEGY))).toSorted(),
      Object.keys(ControlState.shape).toSorted(),
    );
  });
});

describe('changesBetween', () => {
  it('leads from any state to any other, and from nothing to any', () =>
    fc.assert(
      fc.property(states, states, (before, after) => {
        const [wanted, had] = [plain(ControlState.parse(after)), plain(ControlState.parse(before))];

        assert.deepEqual(applyMergePatch(had, plain(changesBetween(before, after))), wanted);
        assert.deepEqual(applyMergePatch({}, plain(changesBetween(undefined, after))), wanted);
      }),
      { seed: 2, numRuns: 1_000 },
    ));

  it('says nothing about the head of the ledger, what waits for it, and how often the state was written', () => {
    const before = newStrategy(STRATEGY);
    const pendingEntries = [{ type: 'a.b', actor: 'sub-1', payload: {}, at }];
    const after = Strategy.parse({ ...before, ledgerSize: 9, ledgerRange: ['00'], pendingEntries, version: 4 });

    assert.deepEqual(changesBetween(before, after), {});
  });
});
