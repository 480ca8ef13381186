import { randomUUID } from 'node:crypto';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { DeviceKey } from '../../domain/signature/credential.ts';
import { httpEngines } from '../engine/http-engine.ts';
import { createTokenVerifier } from '../identity/verify-token.ts';
import { httpVenues } from '../venue/http-venue.ts';
import { jitter, now } from './clock.ts';
import { tellCourier } from './courier-bus.ts';
import { DynamoLedger } from './dynamo-ledger.ts';
import { DynamoRecords } from './dynamo-records.ts';
import { DynamoRefusals } from './dynamo-refusals.ts';
import { DynamoStrategies } from './dynamo-strategies.ts';
import { environment } from './environment.ts';
import { createKmsSigner } from './kms-signer.ts';
import { log } from './log.ts';
import { machineArns } from './machine-arns.ts';
import { SfnExecutions } from './sfn-executions.ts';
import { ShippedDeviceKeys } from './shipped-device-keys.ts';
import { dynamo, tables } from './store.ts';
import { tellingLedger, tellingStrategies } from './telling-courier.ts';
import { venueCredential } from './venue-credential.ts';

const signer = { keyid: 'command' as const, sign: createKmsSigner(new KMSClient({}), environment.COMMAND_KEY_ID) };
const s3 = new S3Client({});
const deviceKeys = new ShippedDeviceKeys(s3, environment.EVIDENCE_BUCKET);

/** What commands of people need and nothing more: no flag is written here, no evidence read. */
export const commandPorts = {
  strategies: tellingStrategies(new DynamoStrategies(dynamo, tables), tellCourier),
  records: new DynamoRecords(dynamo, tables, now),
  refusals: new DynamoRefusals(dynamo, tables),
  executions: new SfnExecutions(new SFNClient({}), machineArns),
  engines: httpEngines({ signer, now, newNonce: randomUUID }),
  venues: httpVenues({ credentialOf: venueCredential(new SecretsManagerClient({})) }),
  verifyToken: createTokenVerifier({ issuer: environment.TOKEN_ISSUER, clientId: environment.OPERATOR_CLIENT_ID, now }),
  ledger: tellingLedger(new DynamoLedger(dynamo, tables, jitter), tellCourier),
  shipDeviceKey: (key: DeviceKey) => deviceKeys.ship(key),
  log,
  randomId: randomUUID,
  now,
  jitter,
};
