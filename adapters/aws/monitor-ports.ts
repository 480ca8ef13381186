import { randomUUID } from 'node:crypto';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { httpEngines } from '../engine/http-engine.ts';
import { readOutsideTime } from '../identity/read-outside-time.ts';
import { httpVenues } from '../venue/http-venue.ts';
import { apiPorts } from './api-ports.ts';
import { elapsedMs, now } from './clock.ts';
import { tellCourier } from './courier-bus.ts';
import { environment } from './environment.ts';
import { createKmsSigner } from './kms-signer.ts';
import { machineArns } from './machine-arns.ts';
import { S3Evidence } from './s3-evidence.ts';
import { S3KillSpool } from './s3-kill-spool.ts';
import { SfnExecutions } from './sfn-executions.ts';
import { tellingLedger, tellingStrategies } from './telling-courier.ts';
import { venueCredential } from './venue-credential.ts';

const s3 = new S3Client({});
const evidence = new S3Evidence(s3, environment.EVIDENCE_BUCKET);
const signer = { keyid: 'command' as const, sign: createKmsSigner(new KMSClient({}), environment.COMMAND_KEY_ID) };

/** What people do beside a strategy that trades takes this and nothing more: no flag is written here. */
export const monitorPorts = {
  ...apiPorts,
  strategies: tellingStrategies(apiPorts.strategies, tellCourier),
  ledger: tellingLedger(apiPorts.ledger, tellCourier),
  executions: new SfnExecutions(new SFNClient({}), machineArns),
  engines: httpEngines({ signer, now, newNonce: randomUUID }),
  venues: httpVenues({ credentialOf: venueCredential(new SecretsManagerClient({})) }),
  evidence,
  portfolio: evidence,
  spool: new S3KillSpool(s3, environment.EVIDENCE_BUCKET),
  outsideTime: () => readOutsideTime(environment.TOKEN_ISSUER),
  elapsedMs,
};
