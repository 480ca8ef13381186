import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { type IKey, Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { CfnSecret, type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

type EmptySecret = { readonly key: Key; readonly description: string; readonly whyNotRotated: string };

/** The keys that engines and venues know us by. No private key is in the template, and the command key never leaves KMS. */
export class Secrets extends Construct {
  /** Signs every command to engines but a kill's halt. */
  readonly commandKey: IKey;
  /** Signs changes of strategies on the bus, and nothing else. */
  readonly governanceKey: IKey;
  /** PKCS8 PEM of the Ed25519 key that can only halt; made once by Custom::SigningKey. */
  readonly killKey: ISecret;
  /** JSON `{"<venue>":"<bearer>"}`: read-and-cancel credentials, put there by the platform engineer. */
  readonly venueCredentials: ISecret;
  /** A token that reads issues, pull requests and checks at GitHub, put there by the platform engineer; empty where GitHub is not used. */
  readonly githubToken: ISecret;
  /** JSON by the names of `config/communications.yaml`: webhooks, bot tokens, integration keys, mail servers; put there by the platform engineer. */
  readonly channelSecrets: ISecret;

  constructor(scope: Construct, id: string, { key }: { readonly key: Key }) {
    super(scope, id);
    this.commandKey = new Key(this, 'CommandKey', {
      description: 'TradePulse: signs commands to trading engines (Ed25519)',
      keySpec: KeySpec.ECC_NIST_EDWARDS25519,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.governanceKey = new Key(this, 'GovernanceKey', {
      description: 'TradePulse: signs changes of strategies on the event bus (Ed25519)',
      keySpec: KeySpec.ECC_NIST_EDWARDS25519,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.killKey = this.#empty('KillKey', {
      key,
      description: 'TradePulse: the key that can only halt engines',
      whyNotRotated:
        'Engines pin its public key: rotating it alone would make every kill push be refused. docs/deploy.md tells how to change both.',
    });
    this.venueCredentials = this.#empty('VenueCredentials', {
      key,
      description: 'TradePulse: read-and-cancel credentials of the venues',
      whyNotRotated: 'Venues issue these credentials; nothing on AWS can rotate them.',
    });
    this.githubToken = this.#empty('GithubToken', {
      key,
      description: 'TradePulse: a token that reads tickets and checks at GitHub',
      whyNotRotated: 'GitHub issues this token; nothing on AWS can rotate it.',
    });
    this.channelSecrets = this.#empty('ChannelSecrets', {
      key,
      description: 'TradePulse: where messages go, by channel',
      whyNotRotated:
        'Slack, PagerDuty and mail servers issue these; nothing on AWS can rotate them. docs/deploy.md tells how.',
    });
  }

  /** The L1, since the L2 always generates a value, and these must hold nothing until their owner writes it. */
  #empty(id: string, { key, description, whyNotRotated }: EmptySecret): ISecret {
    const secret = new CfnSecret(this, id, { description, kmsKeyId: key.keyArn });
    secret.applyRemovalPolicy(RemovalPolicy.RETAIN);
    Validations.of(secret).acknowledge({ id: 'AwsSolutions-SMG4', reason: whyNotRotated });
    return Secret.fromSecretAttributes(this, `${id}Secret`, { secretCompleteArn: secret.ref, encryptionKey: key });
  }
}
