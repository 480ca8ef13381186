import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { finding, gateResult, postponement, warning } from '../../../domain/launch/finding.ts';
import { requirePreconditions } from '../../../domain/launch/require-preconditions.ts';
import { gates } from '../../fakes/launch-steps.ts';
import { launching, STRATEGY } from '../../fakes/world.ts';

const seen = {
  ...{ check: 'a.check', expected: 'one thing', actual: 'another' },
  evidence: { source: 'a test', observedAt: '2026-11-24T12:00:00.000Z' },
};

describe('what the preconditions found', () => {
  for (const [found, verdict, code] of [
    [warning('NoGo', seen), 'go', undefined],
    [postponement(seen, '2026-11-25T14:30:00.000Z'), 'postpone', 'LaunchPostponed'],
    [finding(false, 'CiStale', seen), 'no-go', 'CiStale'],
  ] as const)
    it(`is recorded as ${verdict} when one of them says ${found.verdict}, and refused as ${code ?? 'nothing'}`, async () => {
      const made = await launching();
      const all = [...(await gates(made)), gateResult('a gate', [found])];

      const ended = await requirePreconditions({ ...made.step, gates: all }, made.ports).then(
        () => undefined,
        (error: Error) => error.name,
      );

      assert.equal(ended, code);
      const judged = made.store.logs.get(STRATEGY)?.map(({ text }) => JSON.parse(text)) ?? [];
      assert.equal(judged.find(({ type }) => type === 'gates.judged')?.payload.verdict, verdict);
    });
});
