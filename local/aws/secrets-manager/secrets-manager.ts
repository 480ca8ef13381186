import * as z from 'zod';
import type { FetchHandler } from '../fetch-handler.ts';
import { jsonService, operation } from '../json-service.ts';
import { describeSecret } from './describe-secret.ts';
import { getSecretValue } from './get-secret-value.ts';
import { putSecretValue } from './put-secret-value.ts';
import { secretFiles } from './secret-files.ts';

export type SecretsManagerOptions = {
  /** Folder of the secrets, one file each with mode 0600. */
  readonly dataPath: string;
  readonly now: () => Date;
};

export type SecretsManager = {
  readonly handle: FetchHandler;
  /** Creates the secret unless it exists: empty, as CloudFormation does for a secret without a value, or with `initial`. */
  ensureSecret(arn: string, initial?: string): Promise<void>;
  /** Makes a secret hold what `decide` makes of its text; the same text writes nothing. */
  changeSecret(arn: string, decide: (text: string | undefined) => string): Promise<void>;
};

const SecretId = z.string().min(1).max(2048);
const GetSecretValue = z.strictObject({
  SecretId,
  VersionId: z.string().optional(),
  VersionStage: z.string().optional(),
});
const PutSecretValue = z
  .strictObject({
    SecretId,
    SecretString: z.string().min(1).max(65_536).optional(),
    SecretBinary: z.base64().min(1).max(87_384).optional(),
    ClientRequestToken: z.string().min(32).max(64).optional(),
  })
  .refine(({ SecretString, SecretBinary }) => (SecretString === undefined) !== (SecretBinary === undefined), {
    message: 'give exactly one of SecretString and SecretBinary',
  });

/** Secrets Manager for the few secrets of the template: read, write, describe; staging labels AWSCURRENT and AWSPREVIOUS; no rotation. */
export function createSecretsManager({ dataPath, now }: SecretsManagerOptions): SecretsManager {
  const files = secretFiles(dataPath);
  const invalid = 'InvalidParameterException';
  const handle = jsonService('secretsmanager', {
    GetSecretValue: operation(
      GetSecretValue,
      async (input) => getSecretValue(await files.read(input.SecretId), input),
      invalid,
    ),
    DescribeSecret: operation(
      z.strictObject({ SecretId }),
      async (input) => describeSecret(await files.read(input.SecretId)),
      invalid,
    ),
    PutSecretValue: operation(
      PutSecretValue,
      (input) => files.change(input.SecretId, (secret) => putSecretValue(secret, input, now())),
      invalid,
    ),
  });

  async function ensureSecret(arn: string, initial?: string) {
    await files.ensure(arn, now());
    if (initial === undefined) return;
    await files.change(arn, (secret) =>
      secret.versions.length > 0 ? { secret, answer: {} } : putSecretValue(secret, { SecretString: initial }, now()),
    );
  }

  async function changeSecret(arn: string, decide: (text: string | undefined) => string) {
    await files.ensure(arn, now());
    await files.change(arn, (secret) => {
      const { text } = secret.versions.find(({ stages }) => stages.includes('AWSCURRENT')) ?? {};
      const next = decide(text);
      return next === text ? { secret, answer: {} } : putSecretValue(secret, { SecretString: next }, now());
    });
  }

  return { handle, ensureSecret, changeSecret };
}
