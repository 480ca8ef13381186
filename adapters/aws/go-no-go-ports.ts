import { randomUUID } from 'node:crypto';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import type { GoNoGoPorts } from '../../domain/launch/collect-evidence.ts';
import { httpEngines } from '../engine/http-engine.ts';
import { readYaml } from '../yaml/read-yaml.ts';
import { jitter, now } from './clock.ts';
import { tellCourier } from './courier-bus.ts';
import { DynamoRecords } from './dynamo-records.ts';
import { DynamoStrategies } from './dynamo-strategies.ts';
import { environment } from './environment.ts';
import { keysOfParameter } from './keys-of-parameter.ts';
import { kmsGovernanceKey } from './kms-governance-key.ts';
import { createKmsSigner } from './kms-signer.ts';
import { parseYaml } from './parse-yaml.ts';
import { S3Evidence } from './s3-evidence.ts';
import { dynamo, tables } from './store.ts';
import { tellingStrategies } from './telling-courier.ts';

const kms = new KMSClient({});

/** What deciding go or no-go takes and nothing more: no flag and no machine is within its reach, and of the bus only the courier. */
export const goNoGoPorts = {
  strategies: tellingStrategies(new DynamoStrategies(dynamo, tables), tellCourier),
  records: new DynamoRecords(dynamo, tables, now),
  evidence: new S3Evidence(new S3Client({}), environment.EVIDENCE_BUCKET),
  engines: httpEngines({
    signer: { keyid: 'command', sign: createKmsSigner(kms, environment.COMMAND_KEY_ID) },
    now,
    newNonce: randomUUID,
  }),
  governance: kmsGovernanceKey(kms, environment.GOVERNANCE_KEY_ID),
  trustedManifestKeys: keysOfParameter(environment.TRUSTED_MANIFEST_KEYS),
  demoAuthenticators: environment.DEMO_AUTHENTICATORS,
  parseYaml,
  readYaml,
  now,
  jitter,
} satisfies GoNoGoPorts;
