import { randomUUID } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { createTokenVerifier } from '../identity/verify-token.ts';
import { jitter, now } from './clock.ts';
import { DynamoLedger } from './dynamo-ledger.ts';
import { DynamoRecords } from './dynamo-records.ts';
import { DynamoRefusals } from './dynamo-refusals.ts';
import { DynamoStrategies } from './dynamo-strategies.ts';
import { environment } from './environment.ts';
import { log } from './log.ts';
import { machineArns } from './machine-arns.ts';
import { S3Evidence } from './s3-evidence.ts';
import { S3KillSpool } from './s3-kill-spool.ts';
import { SfnExecutions } from './sfn-executions.ts';
import { dynamo, tables } from './store.ts';

const s3 = new S3Client({});

/** What the way back from a kill needs and nothing more: no engine is commanded here, no flag written. */
export const recoveryPorts = {
  strategies: new DynamoStrategies(dynamo, tables),
  records: new DynamoRecords(dynamo, tables, now),
  ledger: new DynamoLedger(dynamo, tables, jitter),
  refusals: new DynamoRefusals(dynamo, tables),
  spool: new S3KillSpool(s3, environment.EVIDENCE_BUCKET),
  incidents: new S3Evidence(s3, environment.EVIDENCE_BUCKET),
  executions: new SfnExecutions(new SFNClient({}), machineArns),
  demoAuthenticators: environment.DEMO_AUTHENTICATORS,
  verifyToken: createTokenVerifier({ issuer: environment.TOKEN_ISSUER, clientId: environment.OPERATOR_CLIENT_ID, now }),
  log,
  randomId: randomUUID,
  now,
  jitter,
};
