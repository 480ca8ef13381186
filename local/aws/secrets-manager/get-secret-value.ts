import { AwsError } from '../aws-error.ts';
import type { Secret } from './secret.ts';

type Wanted = { readonly VersionId?: string | undefined; readonly VersionStage?: string | undefined };

/** The version asked for, or AWSCURRENT. An empty secret is a ResourceNotFoundException, as on AWS. */
export function getSecretValue({ arn, name, versions }: Secret, { VersionId, VersionStage }: Wanted) {
  const stage = VersionStage ?? (VersionId === undefined ? 'AWSCURRENT' : undefined);
  const version = versions.find(
    ({ id, stages }) =>
      (VersionId === undefined || id === VersionId) && (stage === undefined || stages.includes(stage)),
  );
  if (!version) {
    const wanted = VersionId === undefined ? `staging label: ${stage}` : `VersionId: ${VersionId}`;
    throw new AwsError(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for ${wanted}`,
    );
  }
  return {
    ARN: arn,
    Name: name,
    VersionId: version.id,
    VersionStages: version.stages,
    CreatedDate: version.createdAt,
    SecretString: version.text,
    SecretBinary: version.binary,
  };
}
