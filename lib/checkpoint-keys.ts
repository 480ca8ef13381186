import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AccountRootPrincipal,
  AnyPrincipal,
  ArnPrincipal,
  Effect,
  PolicyDocument,
  PolicyStatement,
} from 'aws-cdk-lib/aws-iam';
import { type IKey, Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { ControlFunction } from './control-function.ts';

/** What the account may do with a key that signs checkpoints: keep it, look at it, delete it after its waiting time; never sign, and never let others sign by a grant. */
const administration = [
  'CreateAlias',
  'UpdateAlias',
  'DeleteAlias',
  'DescribeKey',
  'GetKeyPolicy',
  'GetKeyRotationStatus',
  'GetPublicKey',
  'ListAliases',
  'ListGrants',
  'ListKeyPolicies',
  'ListResourceTags',
  'PutKeyPolicy',
  'RevokeGrant',
  'TagResource',
  'UntagResource',
  'UpdateKeyDescription',
  'EnableKey',
  'DisableKey',
  'ScheduleKeyDeletion',
  'CancelKeyDeletion',
].map((action) => `kms:${action}`);

/**
 * The Ed25519 keys that sign checkpoints, oldest first. The last one signs; an older one signs once more, next to it, when it
 * hands over (docs/deploy.md tells how to change the key). KMS cannot rotate such a key by itself.
 */
export class CheckpointKeys extends Construct {
  readonly keys: readonly IKey[];
  readonly #own: readonly Key[];

  constructor(scope: Construct, id: string, { count }: { readonly count: number }) {
    super(scope, id);
    this.#own = Array.from({ length: count }, (_, at) => this.#key(at + 1));
    this.keys = this.#own;
  }

  #key(number: number): Key {
    return new Key(this, `Key${number}`, {
      description: `TradePulse: signs ledger checkpoints (Ed25519), key ${number}`,
      keySpec: KeySpec.ECC_NIST_EDWARDS25519,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.RETAIN,
      policy: new PolicyDocument({
        statements: [
          new PolicyStatement({
            sid: 'AdministeredButNeverUsedByTheAccount',
            principals: [new AccountRootPrincipal()],
            actions: administration,
            resources: ['*'],
          }),
        ],
      }),
    });
  }

  /** Lets the one function sign, and nobody else, whatever their own policies say. */
  signedBy({ ownRole }: ControlFunction) {
    for (const key of this.#own) {
      key.addToResourcePolicy(
        new PolicyStatement({
          sid: 'SignedByTheCheckpointFunction',
          principals: [new ArnPrincipal(ownRole.roleArn)],
          actions: ['kms:Sign'],
          resources: ['*'],
        }),
      );
      key.addToResourcePolicy(
        new PolicyStatement({
          sid: 'NobodyElseSigns',
          effect: Effect.DENY,
          principals: [new AnyPrincipal()],
          actions: ['kms:Sign', 'kms:CreateGrant'],
          resources: ['*'],
          conditions: { ArnNotEquals: { 'aws:PrincipalArn': ownRole.roleArn } },
        }),
      );
    }
  }
}
