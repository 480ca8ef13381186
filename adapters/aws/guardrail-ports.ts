import { randomUUID } from 'node:crypto';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { httpEngines } from '../engine/http-engine.ts';
import { createTokenVerifier } from '../identity/verify-token.ts';
import { readYaml } from '../yaml/read-yaml.ts';
import { jitter, now } from './clock.ts';
import { countRefusal } from './count-refusal.ts';
import { DynamoLedger } from './dynamo-ledger.ts';
import { DynamoRecords } from './dynamo-records.ts';
import { DynamoStrategies } from './dynamo-strategies.ts';
import { environment } from './environment.ts';
import { createKmsSigner } from './kms-signer.ts';
import { log } from './log.ts';
import { S3Evidence } from './s3-evidence.ts';
import { dynamo, tables } from './store.ts';

const evidence = new S3Evidence(new S3Client({}), environment.EVIDENCE_BUCKET);
const signer = { keyid: 'command' as const, sign: createKmsSigner(new KMSClient({}), environment.COMMAND_KEY_ID) };

/** What limits, freezes and overrides need and nothing more: no machine is started here, no flag written, and engines are only asked. */
export const guardrailPorts = {
  strategies: new DynamoStrategies(dynamo, tables),
  records: new DynamoRecords(dynamo, tables, now),
  ledger: new DynamoLedger(dynamo, tables, jitter),
  refusals: { count: countRefusal(dynamo, tables) },
  evidence,
  riskLimits: evidence,
  engines: httpEngines({ signer, now, newNonce: randomUUID }),
  demoAuthenticators: environment.DEMO_AUTHENTICATORS,
  readYaml,
  verifyToken: createTokenVerifier({ issuer: environment.TOKEN_ISSUER, clientId: environment.OPERATOR_CLIENT_ID, now }),
  log,
  randomId: randomUUID,
  now,
  jitter,
};
