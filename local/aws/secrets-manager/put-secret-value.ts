import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import type { Secret, SecretVersion } from './secret.ts';

type Put = {
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: string | undefined;
  readonly ClientRequestToken?: string | undefined;
};

/** Adds a version as AWSCURRENT and keeps the one before as AWSPREVIOUS. The same token with the same value is answered again, with another value refused. */
export function putSecretValue(secret: Secret, { SecretString, SecretBinary, ClientRequestToken }: Put, at: Date) {
  const repeated = secret.versions.find(({ id }) => id === ClientRequestToken);
  if (repeated) {
    if (repeated.text === SecretString && repeated.binary === SecretBinary)
      return { secret, answer: answerOf(secret, repeated) };
    throw new AwsError('ResourceExistsException', `Version ${repeated.id} of ${secret.name} exists with another value`);
  }
  const version: SecretVersion = {
    id: ClientRequestToken ?? randomUUID(),
    stages: ['AWSCURRENT'],
    createdAt: at.getTime() / 1000,
    text: SecretString,
    binary: SecretBinary,
  };
  const current = secret.versions.find(({ stages }) => stages.includes('AWSCURRENT'));
  const versions = [...(current ? [{ ...current, stages: ['AWSPREVIOUS'] }] : []), version];
  const changed: Secret = { ...secret, versions };
  return { secret: changed, answer: answerOf(changed, version) };
}

const answerOf = ({ arn, name }: Secret, { id, stages }: SecretVersion) => ({
  ARN: arn,
  Name: name,
  VersionId: id,
  VersionStages: stages,
});
