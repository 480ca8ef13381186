import { randomUUID } from 'node:crypto';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { httpEngines } from '../engine/http-engine.ts';
import { readYaml } from '../yaml/read-yaml.ts';
import { apiPorts } from './api-ports.ts';
import { now } from './clock.ts';
import { environment } from './environment.ts';
import { createKmsSigner } from './kms-signer.ts';
import { S3Evidence } from './s3-evidence.ts';

const evidence = new S3Evidence(new S3Client({}), environment.EVIDENCE_BUCKET);
const signer = { keyid: 'command' as const, sign: createKmsSigner(new KMSClient({}), environment.COMMAND_KEY_ID) };

/** What limits, freezes and overrides need and nothing more: no machine is started here, no flag written, and engines are only asked. */
export const guardrailPorts = {
  ...apiPorts,
  evidence,
  riskLimits: evidence,
  engines: httpEngines({ signer, now, newNonce: randomUUID }),
  readYaml,
};
