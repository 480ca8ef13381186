import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** Who called what, when, and with what outcome; no bodies and no tokens. */
export const accessLog = (scope: Construct) =>
  new LogGroup(scope, 'AccessLog', { retention: RetentionDays.ONE_YEAR, removalPolicy: RemovalPolicy.DESTROY });
