import { randomUUID } from 'node:crypto';
import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { createTokenVerifier } from '../identity/verify-token.ts';
import { createFlagReader } from './appconfig-reader.ts';
import { now } from './clock.ts';
import { DynamoRecords } from './dynamo-records.ts';
import { DynamoRefusals } from './dynamo-refusals.ts';
import { DynamoStrategies } from './dynamo-strategies.ts';
import { environment } from './environment.ts';
import { lambdaPlans } from './lambda-plans.ts';
import { log } from './log.ts';
import { machineArns } from './machine-arns.ts';
import { S3Evidence } from './s3-evidence.ts';
import { SfnExecutions } from './sfn-executions.ts';
import { dynamo, tables } from './store.ts';

const s3 = new S3Client({});

/** What looking needs and nothing more: no client here could sign, command an engine, or write a flag. */
export const queryPorts = {
  strategies: new DynamoStrategies(dynamo, tables),
  records: new DynamoRecords(dynamo, tables, now),
  refusals: new DynamoRefusals(dynamo, tables),
  flags: { read: createFlagReader(new AppConfigDataClient({}), now) },
  executions: new SfnExecutions(new SFNClient({}), machineArns),
  evidence: new S3Evidence(s3, environment.EVIDENCE_BUCKET),
  plans: lambdaPlans(new LambdaClient({}), environment.PLAN_FUNCTION),
  demoAuthenticators: environment.DEMO_AUTHENTICATORS,
  verifyToken: createTokenVerifier({ issuer: environment.TOKEN_ISSUER, clientId: environment.OPERATOR_CLIENT_ID, now }),
  log,
  randomId: randomUUID,
  now,
};
