import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

const ANSWER_MS = 2_000;

/** A secret's text, fetched once and kept in memory; a fetch that failed, or took two seconds, is tried again by the next caller. */
export function createSecret(client: SecretsManagerClient, secretId: string): () => Promise<string> {
  let fetched: Promise<string> | undefined;
  const fetchSecret = async () => {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }), {
      abortSignal: AbortSignal.timeout(ANSWER_MS),
    });
    if (SecretString === undefined) throw new Error(`the secret ${secretId} is empty`);
    return SecretString;
  };
  return () => {
    fetched ??= fetchSecret().catch((error: unknown) => {
      fetched = undefined;
      throw error;
    });
    return fetched;
  };
}
