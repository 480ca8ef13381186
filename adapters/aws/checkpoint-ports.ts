import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import type { CheckpointPorts } from '../../domain/ledger/checkpoint-log.ts';
import { alarmMetric } from './alarm-metric.ts';
import { jitter, now } from './clock.ts';
import { DynamoCheckpoints } from './dynamo-checkpoints.ts';
import { DynamoLedger } from './dynamo-ledger.ts';
import { DynamoRecords } from './dynamo-records.ts';
import { DynamoStrategies } from './dynamo-strategies.ts';
import { environment } from './environment.ts';
import { EventBridgeBus } from './eventbridge-bus.ts';
import { kmsCheckpointKeys } from './kms-checkpoint-keys.ts';
import { S3Evidence } from './s3-evidence.ts';
import { s3LedgerArchive } from './s3-ledger-archive.ts';
import { dynamo, tables } from './store.ts';

const ledgerName = environment.LEDGER_NAME;
const keyIds = environment.CHECKPOINT_KEY_IDS.split(',').filter((id) => id !== '');

/** What signing checkpoints takes: the only ports that reach the checkpoint keys. */
export const checkpointPorts = {
  strategies: new DynamoStrategies(dynamo, tables),
  records: new DynamoRecords(dynamo, tables, now),
  ledger: new DynamoLedger(dynamo, tables, jitter),
  checkpoints: new DynamoCheckpoints(dynamo, tables),
  archive: s3LedgerArchive(new S3Evidence(new S3Client({}), environment.EVIDENCE_BUCKET)),
  keys: kmsCheckpointKeys(new KMSClient({}), keyIds, ledgerName),
  bus: new EventBridgeBus(new EventBridgeClient({}), environment.EVENT_BUS_NAME),
  ledgerName,
  alarm: alarmMetric('LedgerTampered'),
  now,
  jitter,
} satisfies CheckpointPorts;
