import { randomUUID } from 'node:crypto';
import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import { S3Client } from '@aws-sdk/client-s3';
import { createTokenVerifier } from '../identity/verify-token.ts';
import { createFlagReader } from './appconfig-reader.ts';
import { elapsedMs, jitter, now } from './clock.ts';
import { deviceKeyList } from './device-key-list.ts';
import { DynamoLedger } from './dynamo-ledger.ts';
import { DynamoRecords } from './dynamo-records.ts';
import { DynamoStrategies } from './dynamo-strategies.ts';
import { environment } from './environment.ts';
import { log } from './log.ts';
import { rememberingLatches } from './remembering-latches.ts';
import { rememberingSpool } from './remembering-spool.ts';
import { S3KillSpool } from './s3-kill-spool.ts';
import { dynamo, tables } from './store.ts';

const records = new DynamoRecords(dynamo, tables, now);
const failed = (error: unknown) =>
  log({ outcome: 'fault', message: 'the keys of devices could not be read', error: String(error) });

/** What renewing leases needs and nothing more: it happens each second for every engine, and so only here neither the spool nor the latches of scopes are asked each time. */
export const leasePorts = {
  strategies: new DynamoStrategies(dynamo, tables),
  records: rememberingLatches(records, elapsedMs),
  ledger: new DynamoLedger(dynamo, tables, jitter),
  deviceKeys: deviceKeyList(records, { elapsedMs, failed }),
  spool: rememberingSpool(new S3KillSpool(new S3Client({}), environment.EVIDENCE_BUCKET), elapsedMs),
  flags: { read: createFlagReader(new AppConfigDataClient({}), now) },
  /** Any client of the issuer; the registration binds each to its instance. */
  verifyEngineToken: createTokenVerifier({ issuer: environment.TOKEN_ISSUER, now }),
  log,
  randomId: randomUUID,
  now,
  jitter,
  elapsedMs,
};
