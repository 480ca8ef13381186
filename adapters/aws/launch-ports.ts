import { randomUUID } from 'node:crypto';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { createTokenVerifier } from '../identity/verify-token.ts';
import { jitter, now } from './clock.ts';
import { countRefusal } from './count-refusal.ts';
import { DynamoLedger } from './dynamo-ledger.ts';
import { DynamoRecords } from './dynamo-records.ts';
import { DynamoStrategies } from './dynamo-strategies.ts';
import { environment } from './environment.ts';
import { keysOfParameter } from './keys-of-parameter.ts';
import { lambdaPlans } from './lambda-plans.ts';
import { log } from './log.ts';
import { machineArns } from './machine-arns.ts';
import { S3Evidence } from './s3-evidence.ts';
import { S3KillSpool } from './s3-kill-spool.ts';
import { SfnExecutions } from './sfn-executions.ts';
import { dynamo, tables } from './store.ts';

const s3 = new S3Client({});
const evidence = new S3Evidence(s3, environment.EVIDENCE_BUCKET);

/** What preparing a launch takes and nothing more: no flag is here, no venue, no engine and no bus; what a launch would do is asked of the function that drafts plans. */
export const launchPorts = {
  strategies: new DynamoStrategies(dynamo, tables),
  records: new DynamoRecords(dynamo, tables, now),
  ledger: new DynamoLedger(dynamo, tables, jitter),
  refusals: { count: countRefusal(dynamo, tables) },
  spool: new S3KillSpool(s3, environment.EVIDENCE_BUCKET),
  executions: new SfnExecutions(new SFNClient({}), machineArns),
  evidence,
  manifests: evidence,
  plans: lambdaPlans(new LambdaClient({}), environment.PLAN_FUNCTION),
  trustedManifestKeys: keysOfParameter(environment.TRUSTED_MANIFEST_KEYS),
  demoAuthenticators: environment.DEMO_AUTHENTICATORS,
  verifyToken: createTokenVerifier({ issuer: environment.TOKEN_ISSUER, clientId: environment.OPERATOR_CLIENT_ID, now }),
  log,
  randomId: randomUUID,
  now,
  jitter,
};
