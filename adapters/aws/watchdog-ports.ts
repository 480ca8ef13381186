import { randomUUID } from 'node:crypto';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { DeedPorts } from '../../domain/watchdog/watchdog-deeds.ts';
import type { WatchdogPorts } from '../../domain/watchdog/watchdog-ports.ts';
import { httpEngines } from '../engine/http-engine.ts';
import { elapsedMs, jitter, now, pause } from './clock.ts';
import { tellCourier } from './courier-bus.ts';
import { DynamoBulkRecords } from './dynamo-bulk-records.ts';
import { DynamoBulkStrategies } from './dynamo-bulk-strategies.ts';
import { emfMetrics } from './emf-metrics.ts';
import { environment } from './environment.ts';
import { kmsGovernanceKey } from './kms-governance-key.ts';
import { createKmsSigner } from './kms-signer.ts';
import { log } from './log.ts';
import { machineArns } from './machine-arns.ts';
import { parseYaml } from './parse-yaml.ts';
import { S3Evidence } from './s3-evidence.ts';
import { S3KillSpool } from './s3-kill-spool.ts';
import { SfnExecutions } from './sfn-executions.ts';
import { dynamo, tables } from './store.ts';
import { tellingRecords, tellingStrategies } from './telling-courier.ts';

const kms = new KMSClient({});
const s3 = new S3Client({});
const strategies = new DynamoBulkStrategies(dynamo, tables);
const records = new DynamoBulkRecords(dynamo, tables, now);
const evidence = new S3Evidence(s3, environment.EVIDENCE_BUCKET);
const signer = { keyid: 'command' as const, sign: createKmsSigner(kms, environment.COMMAND_KEY_ID) };

const TICKS_A_LINE = 10;
const pulse = emfMetrics(log, now);
let ticks = 0;

/** Counted in the log, ten to a line: the alarm that misses them is outside of everything that could hold up a tick. */
function ticked(): void {
  pulse.put({}, [{ name: 'WatchdogTicks', value: 1, unit: 'Count' }]);
  ticks += 1;
  if (ticks % TICKS_A_LINE === 0) pulse.flush();
}

/** What the watchdog takes: it reads in bulk, and has what makes trading safer; no flag is within its reach, and nothing that arms or lifts. */
export const watchdogPorts = {
  strategies: {
    ...tellingStrategies(strategies, tellCourier),
    readMany: (ids: Parameters<typeof strategies.readMany>[0]) => strategies.readMany(ids),
  },
  records: {
    ...tellingRecords(records, tellCourier),
    getMany: records.getMany.bind(records),
  },
  evidence,
  /** Portfolio targets stand in a folder of their own. */
  portfolio: evidence,
  engines: httpEngines({ signer, now, newNonce: randomUUID }),
  executions: new SfnExecutions(new SFNClient({}), machineArns),
  spool: new S3KillSpool(s3, environment.EVIDENCE_BUCKET),
  governance: kmsGovernanceKey(kms, environment.GOVERNANCE_KEY_ID),
  metrics: emfMetrics(log, now),
  ticked,
  parseYaml,
  log,
  newId: randomUUID,
  now,
  jitter,
  elapsedMs,
  pause,
} satisfies WatchdogPorts & DeedPorts;
