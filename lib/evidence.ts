import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Stage } from './stage.ts';

const DAYS_PER_YEAR = 365.25;

/** Documents that gates read and records of runs, locked for the stage's years, encrypted, reachable by TLS only. Survives the stack. */
export class Evidence extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { key, stage }: { readonly key: Key; readonly stage: Stage }) {
    super(scope, id);
    const retention = Duration.days(Math.ceil(stage.evidenceYears * DAYS_PER_YEAR));
    this.bucket = new Bucket(this, 'Bucket', {
      objectLockEnabled: true,
      objectLockDefaultRetention:
        stage.evidenceLock === 'COMPLIANCE'
          ? ObjectLockRetention.compliance(retention)
          : ObjectLockRetention.governance(retention),
      versioned: true,
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      serverAccessLogsBucket: this.#accessLogs(),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.bucket.addToResourcePolicy(this.#noBypass());
  }

  /** Who read or wrote which evidence. A bucket with a default lock cannot receive access logs, hence a second one. */
  #accessLogs(): Bucket {
    return new Bucket(this, 'AccessLogs', {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      lifecycleRules: [{ expiration: Duration.days(400) }],
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /** GOVERNANCE may be lifted only by somebody who may change this policy first, and that is on record in CloudTrail. */
  #noBypass(): PolicyStatement {
    return new PolicyStatement({
      sid: 'NobodyBypassesTheLock',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['s3:BypassGovernanceRetention'],
      resources: [this.bucket.arnForObjects('*')],
    });
  }
}
