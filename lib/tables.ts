import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, ProjectionType, StreamViewType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

const string = (name: string) => ({ name, type: AttributeType.STRING });

const kept = (key: Key) => ({
  encryption: TableEncryptionV2.customerManagedKey(key),
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 35 },
  deletionProtection: true,
  removalPolicy: RemovalPolicy.RETAIN,
});

/** Every way to change or remove an entry, or to add one without naming it, is refused to everybody, administrators too. */
const insertOnly = () =>
  new PolicyDocument({
    statements: [
      new PolicyStatement({
        sid: 'NobodyRewritesTheLedger',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['DeleteItem', 'UpdateItem', 'BatchWriteItem', 'PartiQLInsert', 'PartiQLUpdate', 'PartiQLDelete'].map(
          (action) => `dynamodb:${action}`,
        ),
        resources: ['*'],
      }),
    ],
  });

/** The two tables (architecture section 3): control is mutable, the ledger is only ever added to. Both survive the stack. */
export class Tables extends Construct {
  readonly control: TableV2;
  readonly ledger: TableV2;

  constructor(scope: Construct, id: string, { key }: { readonly key: Key }) {
    super(scope, id);
    this.control = new TableV2(this, 'Control', {
      partitionKey: string('pk'),
      globalSecondaryIndexes: [
        {
          indexName: 'list',
          partitionKey: string('kind'),
          sortKey: string('sort'),
          projectionType: ProjectionType.ALL,
        },
      ],
      timeToLiveAttribute: 'ttl',
      ...kept(key),
    });
    this.ledger = new TableV2(this, 'Ledger', {
      partitionKey: string('pk'),
      sortKey: string('sk'),
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      resourcePolicy: insertOnly(),
      ...kept(key),
    });
  }
}
