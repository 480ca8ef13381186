import { devNull } from 'node:os';
import { region } from './host-options.ts';
import type { Installation } from './installation.ts';

export type Endpoints = Readonly<Record<'dynamodb' | 'sfn' | (typeof ownServices)[number], string>>;

const ownServices = ['appconfig', 'appconfigdata', 's3', 'eventbridge', 'kms', 'secretsmanager', 'lambda'] as const;
const variables: Readonly<Record<keyof Endpoints, string>> = {
  dynamodb: 'DYNAMODB',
  sfn: 'SFN',
  appconfig: 'APPCONFIG',
  appconfigdata: 'APPCONFIGDATA',
  s3: 'S3',
  eventbridge: 'EVENTBRIDGE',
  kms: 'KMS',
  secretsmanager: 'SECRETS_MANAGER',
  lambda: 'LAMBDA',
};

/** Where each AWS service of this machine is reached. */
export const endpointsOf = (url: string, dynamodb: string, sfn: string): Endpoints => ({
  dynamodb,
  sfn,
  appconfig: `${url}/aws/appconfig`,
  appconfigdata: `${url}/aws/appconfigdata`,
  s3: `${url}/aws/s3`,
  eventbridge: `${url}/aws/eventbridge`,
  kms: `${url}/aws/kms`,
  secretsmanager: `${url}/aws/secretsmanager`,
  lambda: `${url}/aws/lambda`,
});

/** What every function gets beside the template's variables: on AWS the runtime gives it the same, without endpoints. */
export const lambdaEnvironment = (endpoints: Endpoints, { accessKeyId, secretAccessKey }: Installation) => ({
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: devNull, // nothing of this machine's own AWS settings
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  ...Object.fromEntries(
    Object.entries(variables).map(([service, name]) => [
      `AWS_ENDPOINT_URL_${name}`,
      endpoints[service as keyof Endpoints],
    ]),
  ),
});
