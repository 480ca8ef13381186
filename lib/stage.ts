/** How strictly the evidence bucket holds its objects: nobody, root included, shortens COMPLIANCE; a privileged person can lift GOVERNANCE. */
type EvidenceLock = 'COMPLIANCE' | 'GOVERNANCE';

/** What differs between installations. Everything else is the same in all of them. */
export type Stage = {
  readonly name: 'dev' | 'prod';
  readonly evidenceLock: EvidenceLock;
  readonly evidenceYears: number;
};

const stages: Readonly<Record<Stage['name'], Stage>> = {
  dev: { name: 'dev', evidenceLock: 'GOVERNANCE', evidenceYears: 7 },
  prod: { name: 'prod', evidenceLock: 'COMPLIANCE', evidenceYears: 7 },
};

/** The stage of that name (`cdk deploy -c stage=prod`). Throws on any other word: a misspelt `prod` must not deploy as `dev`. */
export function stageNamed(name: string): Stage {
  if (name !== 'dev' && name !== 'prod')
    throw new Error(`there is no stage '${name}'; use -c stage=dev or -c stage=prod`);
  return stages[name];
}
