import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { alarmMetric } from './alarm-metric.ts';
import { environment } from './environment.ts';
import { EventBridgeBus } from './eventbridge-bus.ts';
import { S3Evidence } from './s3-evidence.ts';

/** What the watcher of the ledger's stream needs: to tell, and to keep what it saw. */
export const ledgerWatchPorts = {
  bus: new EventBridgeBus(new EventBridgeClient({}), environment.EVENT_BUS_NAME),
  alarms: new S3Evidence(new S3Client({}), environment.EVIDENCE_BUCKET),
  alarm: alarmMetric('LedgerTampered'),
};
