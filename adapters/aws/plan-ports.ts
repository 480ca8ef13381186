import { randomUUID } from 'node:crypto';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { httpEngines } from '../engine/http-engine.ts';
import { readYaml } from '../yaml/read-yaml.ts';
import { now } from './clock.ts';
import { DynamoRecords } from './dynamo-records.ts';
import { DynamoStrategies } from './dynamo-strategies.ts';
import { environment } from './environment.ts';
import { githubPorts } from './github-ports.ts';
import { keysOfParameter } from './keys-of-parameter.ts';
import { createKmsSigner } from './kms-signer.ts';
import { parseYaml } from './parse-yaml.ts';
import { S3Evidence } from './s3-evidence.ts';
import { dynamo, tables } from './store.ts';

const signer = { keyid: 'command' as const, sign: createKmsSigner(new KMSClient({}), environment.COMMAND_KEY_ID) };

/** What plans are drafted and gates judged from: everything may be looked at; no client here starts a machine, writes a flag, or tells anybody. */
export const planPorts = {
  strategies: new DynamoStrategies(dynamo, tables),
  records: new DynamoRecords(dynamo, tables, now),
  evidence: new S3Evidence(new S3Client({}), environment.EVIDENCE_BUCKET),
  engines: httpEngines({ signer, now, newNonce: randomUUID }),
  trustedManifestKeys: keysOfParameter(environment.TRUSTED_MANIFEST_KEYS),
  demoAuthenticators: environment.DEMO_AUTHENTICATORS,
  ...githubPorts,
  parseYaml,
  readYaml,
  now,
};
