import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { aslSteps } from '../../lib/asl-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'asl-file-'));
after(() => rmSync(folder, { recursive: true }));

function fileWith(States: Record<string, unknown>) {
  const path = join(folder, 'machine.asl.json');
  writeFileSync(path, JSON.stringify({ StartAt: 'A', States }));
  return path;
}
const task = (Resource: string, more: object = {}) => ({ Type: 'Task', Resource, TimeoutSeconds: 12, ...more });

describe('aslSteps', () => {
  it('names a step for each placeholder, once, with the comment and the time of its state', () => {
    const steps = aslSteps(
      fileWith({
        A: task('${LockDeployment}', { Comment: 'Runbook 2.1.' }),
        B: task('${LockDeployment}', { TimeoutSeconds: 40 }),
      }),
    );

    assert.deepEqual(steps, [
      { placeholder: 'LockDeployment', name: 'lock-deployment', comment: 'Runbook 2.1.', timeoutSeconds: 40 },
    ]);
  });

  it('finds the steps inside Parallel branches', () => {
    const steps = aslSteps(
      fileWith({ A: { Type: 'Parallel', Branches: [{ StartAt: 'B', States: { B: task('${B2Check}') } }] } }),
    );

    assert.deepEqual(
      steps.map(({ name }) => name),
      ['b2-check'],
    );
  });

  it('gives a Lambda that only asks people 30 seconds, however long they may take to answer', () => {
    const Arguments = { FunctionName: '${AskThem}' };
    const steps = aslSteps(
      fileWith({ A: task('arn:aws:states:::lambda:invoke.waitForTaskToken', { TimeoutSeconds: 1800, Arguments }) }),
    );

    assert.equal(steps[0]?.timeoutSeconds, 30);
  });

  it("never gives more than Lambda's 15 minutes", () => {
    assert.equal(aslSteps(fileWith({ A: task('${Slow}', { TimeoutSeconds: 7200 }) }))[0]?.timeoutSeconds, 900);
  });

  it('refuses a placeholder that is not the name of a step, and says which', () => {
    assert.throws(
      () => aslSteps(fileWith({ A: task('${lock_deployment}') })),
      /\$\{lock_deployment\} is not the PascalCase name/,
    );
  });
});
