import { KMSClient } from '@aws-sdk/client-kms';
import type { RecoverPorts } from '../../domain/recover/look-at-safety.ts';
import { DynamoCheckpoints } from './dynamo-checkpoints.ts';
import { environment } from './environment.ts';
import { kmsCheckpointKeys } from './kms-checkpoint-keys.ts';
import { ports } from './ports.ts';
import { dynamo, tables } from './store.ts';

const keyIds = environment.CHECKPOINT_KEY_IDS.split(',').filter((id) => id !== '');

/** What lifting a latch takes beside everything else: the log as it is stored, and the keys that its checkpoint may be signed by. */
export const recoverPorts = {
  ...ports,
  checkpoints: new DynamoCheckpoints(dynamo, tables),
  keys: kmsCheckpointKeys(new KMSClient({}), keyIds, environment.LEDGER_NAME),
  ledgerName: environment.LEDGER_NAME,
} satisfies RecoverPorts;
