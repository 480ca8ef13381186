import { randomUUID } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import { createTokenVerifier } from '../identity/verify-token.ts';
import { jitter, now } from './clock.ts';
import { countRefusal } from './count-refusal.ts';
import { DynamoLedger } from './dynamo-ledger.ts';
import { DynamoRecords } from './dynamo-records.ts';
import { DynamoStrategies } from './dynamo-strategies.ts';
import { environment } from './environment.ts';
import { log } from './log.ts';
import { S3Evidence } from './s3-evidence.ts';
import { dynamo, tables } from './store.ts';

/** What looking back at a run takes and nothing more: no machine is started here, no engine commanded, no flag written. */
export const reviewPorts = {
  strategies: new DynamoStrategies(dynamo, tables),
  records: new DynamoRecords(dynamo, tables, now),
  ledger: new DynamoLedger(dynamo, tables, jitter),
  refusals: { count: countRefusal(dynamo, tables) },
  evidence: new S3Evidence(new S3Client({}), environment.EVIDENCE_BUCKET),
  demoAuthenticators: environment.DEMO_AUTHENTICATORS,
  verifyToken: createTokenVerifier({ issuer: environment.TOKEN_ISSUER, clientId: environment.OPERATOR_CLIENT_ID, now }),
  log,
  randomId: randomUUID,
  now,
  jitter,
};
