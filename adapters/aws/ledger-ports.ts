import { randomUUID } from 'node:crypto';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { createTokenVerifier } from '../identity/verify-token.ts';
import { jitter, now } from './clock.ts';
import { countRefusal } from './count-refusal.ts';
import { DynamoCheckpoints } from './dynamo-checkpoints.ts';
import { DynamoLedger } from './dynamo-ledger.ts';
import { DynamoRecords } from './dynamo-records.ts';
import { environment } from './environment.ts';
import { kmsCheckpointKeys } from './kms-checkpoint-keys.ts';
import { log } from './log.ts';
import { S3Evidence } from './s3-evidence.ts';
import { s3LedgerArchive } from './s3-ledger-archive.ts';
import { dynamo, tables } from './store.ts';

/** What reading the ledgers needs and nothing more. */
export const ledgerPorts = {
  ledger: new DynamoLedger(dynamo, tables, jitter),
  records: new DynamoRecords(dynamo, tables, now),
  refusals: { count: countRefusal(dynamo, tables) },
  checkpoints: new DynamoCheckpoints(dynamo, tables),
  archive: s3LedgerArchive(new S3Evidence(new S3Client({}), environment.EVIDENCE_BUCKET)),
  keys: kmsCheckpointKeys(
    new KMSClient({}),
    environment.CHECKPOINT_KEY_IDS.split(',').filter((id) => id !== ''),
    environment.LEDGER_NAME,
  ),
  verifyToken: createTokenVerifier({ issuer: environment.TOKEN_ISSUER, clientId: environment.OPERATOR_CLIENT_ID, now }),
  log,
  randomId: randomUUID,
  now,
};
