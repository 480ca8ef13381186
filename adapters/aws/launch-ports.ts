import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { apiPorts } from './api-ports.ts';
import { environment } from './environment.ts';
import { keysOfParameter } from './keys-of-parameter.ts';
import { lambdaPlans } from './lambda-plans.ts';
import { machineArns } from './machine-arns.ts';
import { S3Evidence } from './s3-evidence.ts';
import { S3KillSpool } from './s3-kill-spool.ts';
import { SfnExecutions } from './sfn-executions.ts';

const s3 = new S3Client({});
const evidence = new S3Evidence(s3, environment.EVIDENCE_BUCKET);

/** What preparing a launch takes and nothing more: no flag is here, no venue, no engine and no bus; what a launch would do is asked of the function that drafts plans. */
export const launchPorts = {
  ...apiPorts,
  spool: new S3KillSpool(s3, environment.EVIDENCE_BUCKET),
  executions: new SfnExecutions(new SFNClient({}), machineArns),
  evidence,
  manifests: evidence,
  plans: lambdaPlans(new LambdaClient({}), environment.PLAN_FUNCTION),
  trustedManifestKeys: keysOfParameter(environment.TRUSTED_MANIFEST_KEYS),
};
