import { Stack } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { CheckpointKeys } from './checkpoint-keys.ts';
import { Evidence } from './evidence.ts';
import type { Operators } from './operators.ts';
import type { Parameters } from './parameters.ts';
import { Secrets } from './secrets.ts';
import type { Stage } from './stage.ts';
import type { StrategyConfig } from './strategies-config.ts';
import { StrategyFlags } from './strategy-flags.ts';
import { Tables } from './tables.ts';

/** What Lambdas work on, and so what grants are made of. */
export type Resources = {
  readonly key: Key;
  readonly control: TableV2;
  readonly ledger: TableV2;
  readonly evidence: Bucket;
  readonly bus: EventBus;
  readonly flags: StrategyFlags;
  readonly commandKey: IKey;
  readonly governanceKey: IKey;
  readonly checkpointKeys: CheckpointKeys;
  readonly killKey: ISecret;
  readonly venueCredentials: ISecret;
  readonly githubToken: ISecret;
  readonly channelSecrets: ISecret;
};

type ResourcesProps = {
  readonly key: Key;
  readonly stage: Stage;
  readonly strategies: readonly StrategyConfig[];
  readonly checkpointKeyCount: number;
};

/** Tables, evidence, bus, flags and keys. */
export function resources(scope: Construct, { key, stage, strategies, checkpointKeyCount }: ResourcesProps): Resources {
  const { control, ledger } = new Tables(scope, 'Tables', { key });
  const { commandKey, governanceKey, killKey, venueCredentials, githubToken, channelSecrets } = new Secrets(
    scope,
    'Secrets',
    { key },
  );
  const evidence = new Evidence(scope, 'Evidence', { key, stage }).bucket;
  const bus = new EventBus(scope, 'Bus', { description: 'TradePulse: facts for others to react to' });
  return {
    key,
    control,
    ledger,
    evidence,
    bus,
    flags: new StrategyFlags(scope, 'Flags', { strategies }),
    commandKey,
    governanceKey,
    checkpointKeys: new CheckpointKeys(scope, 'CheckpointKeys', { count: checkpointKeyCount }),
    killKey,
    venueCredentials,
    githubToken,
    channelSecrets,
  };
}

/** The ledger's name: first part of each checkpoint's origin, and the name of its keys. One control plane in an account and region. */
export const ledgerNameOf = ({ account, region, stackName }: Stack) => `tradepulse/${account}/${region}/${stackName}`;

/** The environment of every Lambda: names only. What a Lambda may do with them is a matter of its grants. */
export const environmentOf = (
  all: Resources,
  { pool, client }: Operators,
  { TrustedManifestKeys, GithubApiUrl, SigningOrigin, RelyingPartyId, MessageHosts, MailFrom }: Parameters,
) => ({
  CONTROL_TABLE: all.control.tableName,
  LEDGER_TABLE: all.ledger.tableName,
  EVIDENCE_BUCKET: all.evidence.bucketName,
  EVENT_BUS_NAME: all.bus.eventBusName,
  COMMAND_KEY_ID: all.commandKey.keyId,
  GOVERNANCE_KEY_ID: all.governanceKey.keyId,
  CHECKPOINT_KEY_IDS: all.checkpointKeys.keys.map(({ keyId }) => keyId).join(','),
  LEDGER_NAME: ledgerNameOf(Stack.of(all.control)),
  KILL_KEY_SECRET: all.killKey.secretArn,
  VENUE_CREDENTIALS_SECRET: all.venueCredentials.secretArn,
  GITHUB_TOKEN_SECRET: all.githubToken.secretArn,
  GITHUB_API_URL: GithubApiUrl.valueAsString,
  TOKEN_ISSUER: pool.userPoolProviderUrl,
  OPERATOR_CLIENT_ID: client.userPoolClientId,
  TRUSTED_MANIFEST_KEYS: TrustedManifestKeys.valueAsString,
  SIGNING_ORIGIN: SigningOrigin.valueAsString,
  RP_ID: RelyingPartyId.valueAsString,
  CHANNEL_SECRETS: all.channelSecrets.secretArn,
  MESSAGE_HOSTS: MessageHosts.valueAsString,
  MAIL_FROM: MailFrom.valueAsString,
});
