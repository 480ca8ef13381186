import { devNull } from 'node:os';
import { region } from './host-options.ts';
import type { Installation } from './installation.ts';

type OwnService = 'appconfig' | 'appconfigdata' | 's3' | 'eventbridge' | 'kms' | 'secretsmanager' | 'lambda' | 'sesv2';
export type Endpoints = Readonly<Record<'dynamodb' | 'sfn' | OwnService, string>>;

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
  sesv2: `${url}/aws/sesv2`,
});

/** What every function gets beside the template's variables: on AWS the runtime gives it the same, without endpoints. */
export const lambdaEnvironment = (endpoints: Endpoints, { accessKeyId, secretAccessKey }: Installation) => ({
  AWS_REGION: region,
  DEMO_AUTHENTICATORS: 'accepted', // the demo users of this machine own no others; no template says this
  AWS_DEFAULT_REGION: region,
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: devNull, // nothing of this machine's own AWS settings
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
  AWS_ENDPOINT_URL_SFN: endpoints.sfn,
  AWS_ENDPOINT_URL_APPCONFIG: endpoints.appconfig,
  AWS_ENDPOINT_URL_APPCONFIGDATA: endpoints.appconfigdata,
  AWS_ENDPOINT_URL_S3: endpoints.s3,
  AWS_ENDPOINT_URL_EVENTBRIDGE: endpoints.eventbridge,
  AWS_ENDPOINT_URL_KMS: endpoints.kms,
  AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoints.secretsmanager,
  AWS_ENDPOINT_URL_LAMBDA: endpoints.lambda,
  AWS_ENDPOINT_URL_SESV2: endpoints.sesv2,
});
