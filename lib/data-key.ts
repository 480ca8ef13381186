import { RemovalPolicy } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/** The customer key of tables, evidence, secrets and the alarm topic. Retained: without it nothing retained could be read. */
export function dataKey(scope: Construct): Key {
  return new Key(scope, 'DataKey', {
    description: 'TradePulse: encrypts tables, evidence, secrets and alarms',
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
}
