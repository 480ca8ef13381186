import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { unbundledApp } from './synthesized.ts';

function checked({ flawed }: { flawed: boolean }) {
  const { app, stack } = unbundledApp();
  if (flawed) new Bucket(stack, 'PlainBucket');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return () => app.synth();
}

describe('cdk-nag AwsSolutions', () => {
  it('finds nothing in the stack that is not acknowledged where it stands', () => {
    assert.doesNotThrow(checked({ flawed: false }));
  });

  it('does find what is wrong: a bucket without TLS and access logs', (context) => {
    context.mock.method(process.stderr, 'write', () => true); // the report of the findings

    assert.throws(checked({ flawed: true }));
  });
});
