import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { apiPorts } from './api-ports.ts';
import { environment } from './environment.ts';
import { machineArns } from './machine-arns.ts';
import { S3Evidence } from './s3-evidence.ts';
import { S3KillSpool } from './s3-kill-spool.ts';
import { SfnExecutions } from './sfn-executions.ts';

const s3 = new S3Client({});

/** What the way back from a kill needs and nothing more: no engine is commanded here, no flag written. */
export const recoveryPorts = {
  ...apiPorts,
  spool: new S3KillSpool(s3, environment.EVIDENCE_BUCKET),
  incidents: new S3Evidence(s3, environment.EVIDENCE_BUCKET),
  executions: new SfnExecutions(new SFNClient({}), machineArns),
};
