import { S3Client } from '@aws-sdk/client-s3';
import { apiPorts } from './api-ports.ts';
import { environment } from './environment.ts';
import { S3Evidence } from './s3-evidence.ts';

/** What looking back at a run takes and nothing more: no machine is started here, no engine commanded, no flag written. */
export const reviewPorts = {
  ...apiPorts,
  evidence: new S3Evidence(new S3Client({}), environment.EVIDENCE_BUCKET),
};
