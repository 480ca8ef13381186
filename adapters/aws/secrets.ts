import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** A secret's text, fetched once and kept in memory; a failed fetch is tried again by the next caller. */
export function createSecret(client: SecretsManagerClient, secretId: string): () => Promise<string> {
  let fetched: Promise<string> | undefined;
  const fetchSecret = async () => {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
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
