import type { Secret } from './secret.ts';

/** What is known about a secret, but never its value. */
export function describeSecret({ arn, name, createdAt, versions }: Secret) {
  return {
    ARN: arn,
    Name: name,
    CreatedDate: createdAt,
    LastChangedDate: versions.at(-1)?.createdAt ?? createdAt,
    VersionIdsToStages: Object.fromEntries(versions.map(({ id, stages }) => [id, stages])),
  };
}
