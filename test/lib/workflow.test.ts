import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Alarms } from '../../lib/alarms.ts';
import { dataKey } from '../../lib/data-key.ts';
import { fromRoot } from '../../lib/from-root.ts';
import { builtLambda, type LambdaCode } from '../../lib/lambda-code.ts';
import { Workflow } from '../../lib/workflow.ts';

function workflow(lambdaCode: LambdaCode, definition = fromRoot('test/lib/fixtures/two-steps.asl.json')) {
  const stack = new Stack(new App(), 'Test');
  const alarms = new Alarms(stack, 'Alarms', { key: dataKey(stack) });
  const made = new Workflow(stack, 'Demo', {
    name: 'demo',
    impactOfFailure: 'nothing is opened',
    environment: { TABLE: 't' },
    lambdaCode,
    alarms,
    definition,
  });
  return { made, template: () => Template.fromStack(stack) };
}

describe('Workflow', () => {
  it('makes one function for each step that the file names, with its time, its comment and the environment', () => {
    const paths: string[] = [];
    const { made, template } = workflow((path) => {
      paths.push(path);
      return Code.fromInline('unused');
    });

    assert.deepEqual([...made.steps.keys()], ['open-door', 'ask-for-key']);
    assert.deepEqual(paths, ['demo/open-door', 'demo/ask-for-key']);
    template().hasResourceProperties('AWS::Lambda::Function', {
      Description: 'Runbook 1: opens.',
      Timeout: 12,
      Environment: { Variables: { TABLE: 't' } },
    });
  });

  it('tells on-call what a failure means', () => {
    const { template } = workflow(() => Code.fromInline('unused'));

    template().hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmDescription: 'A run of demo did not succeed: nothing is opened.',
    });
  });

  it('fails the build for a placeholder without a bundle, and says which file is missing', () => {
    assert.throws(() => workflow(builtLambda), /no bundle of lambdas\/demo\/open-door.ts.*npm run bundle/);
  });

  it('fails the build for a machine without a file', () => {
    assert.throws(
      () => workflow(() => Code.fromInline('unused'), fromRoot('statemachines/none.asl.json')),
      /none.asl.json/,
    );
  });
});
