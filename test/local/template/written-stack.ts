import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStack, type Stack } from '../../../local/template/open-stack.ts';

type Resources = Record<string, { Type: string; Properties?: object }>;

export type Written = {
  readonly Resources?: Resources;
  readonly Outputs?: object;
  readonly Parameters?: object;
  /** Files that a deployment uploads, by object key. */
  readonly assets?: Record<string, string>;
  readonly parameters?: Record<string, string>;
};

export const place = { region: 'us-east-1', account: '000000000000', issuer: 'http://127.0.0.1:4510/oidc' };

/** Writes a small `cdk.out` as the CDK would, and opens it. */
export function writtenStack(folder: string, { assets = {}, parameters = {}, ...template }: Written): Stack {
  mkdirSync(folder, { recursive: true });
  const json = (name: string, value: object) => writeFileSync(join(folder, name), JSON.stringify(value));
  json('Small.template.json', { Resources: {}, ...template });
  const files = Object.keys(assets).map((objectKey) => [
    objectKey,
    { source: { path: `asset.${objectKey}` }, destinations: { here: { objectKey } } },
  ]);
  json('Small.assets.json', { files: Object.fromEntries(files) });
  for (const [objectKey, text] of Object.entries(assets)) writeFileSync(join(folder, `asset.${objectKey}`), text);
  return openStack({ folder, stackName: 'Small', parameters, ...place });
}

/** A function in whose ARN other resources can be wired. */
export const aFunction = (more: object = {}) => ({
  Type: 'AWS::Lambda::Function',
  Properties: { Code: { S3Key: 'code.zip' }, Handler: 'index.handler', ...more },
});

export const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });
