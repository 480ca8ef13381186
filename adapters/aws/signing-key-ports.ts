import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

/** Puts a new Ed25519 key (PKCS8 PEM) into the secret unless one is there, and returns its public half (base64 SPKI) for the engines' configuration. */
async function createSigningKey(secretArn: string): Promise<{ PublicKey: string }> {
  const client = new SecretsManagerClient({});
  const pem = (await existing(client, secretArn)) ?? (await generate(client, secretArn));
  const publicKey = createPublicKey(createPrivateKey(pem)).export({ format: 'der', type: 'spki' });
  return { PublicKey: publicKey.toString('base64') };
}

async function existing(client: SecretsManagerClient, secretArn: string): Promise<string | undefined> {
  try {
    return (await client.send(new GetSecretValueCommand({ SecretId: secretArn }))).SecretString;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined; // the secret has no value yet
    throw error;
  }
}

async function generate(client: SecretsManagerClient, secretArn: string): Promise<string> {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  await client.send(new PutSecretValueCommand({ SecretId: secretArn, SecretString: pem }));
  return pem;
}

/** What the signing-key custom resource needs. */
export const signingKeyPorts = { createSigningKey };
