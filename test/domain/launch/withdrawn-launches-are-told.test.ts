import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { release } from '../../../domain/launch/release-deployment.ts';
import { readRun } from '../../../domain/run-evidence.ts';
import { launching, stateOf } from '../../fakes/world.ts';

describe('a run that was withdrawn is told', () => {
  for (const [machine, code, trigger] of [
    ['launch', 'NoGo', 'no-go'],
    ['launch', 'LaunchPostponed', 'launch-postponed'],
    ['launch', 'ApprovalDeclined', 'launch-withdrawn'],
    ['resume', 'NoGo', 'resume-withdrawn'],
    ['resume', 'LaunchPostponed', 'resume-withdrawn'],
  ] as const)
    it(`as ${trigger} when a ${machine} ended with ${code}, with the reason`, async () => {
      const made = await launching();
      const run = { ...(await readRun(made.step, made.ports)), machine };

      const { records = [] } = release(stateOf(made), run, { code, message: 'no lease' }, made.clock.now);

      assert.deepEqual(
        records.flatMap((each) =>
          each.kind === 'MESSAGE' ? [[each.record.trigger, each.record.facts['reason']]] : [],
        ),
        [[trigger, 'no lease']],
      );
    });
});
