import { randomUUID } from 'node:crypto';
import { AppConfigClient } from '@aws-sdk/client-appconfig';
import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import type { EnablePorts } from '../../domain/launch/enable-live.ts';
import { httpEngines } from '../engine/http-engine.ts';
import { readYaml } from '../yaml/read-yaml.ts';
import { AppConfigFlags } from './appconfig-flags.ts';
import { createFlagReader } from './appconfig-reader.ts';
import { jitter, now, pause } from './clock.ts';
import { bus, tellCourier } from './courier-bus.ts';
import { DynamoRecords } from './dynamo-records.ts';
import { DynamoStrategies } from './dynamo-strategies.ts';
import { environment } from './environment.ts';
import { keysOfParameter } from './keys-of-parameter.ts';
import { createKmsSigner } from './kms-signer.ts';
import { parseYaml } from './parse-yaml.ts';
import { S3Evidence } from './s3-evidence.ts';
import { dynamo, tables } from './store.ts';
import { tellingRecords, tellingStrategies } from './telling-courier.ts';

const signer = { keyid: 'command' as const, sign: createKmsSigner(new KMSClient({}), environment.COMMAND_KEY_ID) };

/** What the one step takes that enables: engines and the flag, and neither machines nor venues. */
export const enablePorts = {
  strategies: tellingStrategies(new DynamoStrategies(dynamo, tables), tellCourier),
  records: tellingRecords(new DynamoRecords(dynamo, tables, now), tellCourier),
  evidence: new S3Evidence(new S3Client({}), environment.EVIDENCE_BUCKET),
  flags: new AppConfigFlags(new AppConfigClient({}), createFlagReader(new AppConfigDataClient({}), now), pause),
  engines: httpEngines({ signer, now, newNonce: randomUUID }),
  bus,
  trustedManifestKeys: keysOfParameter(environment.TRUSTED_MANIFEST_KEYS),
  demoAuthenticators: environment.DEMO_AUTHENTICATORS,
  parseYaml,
  readYaml,
  now,
  jitter,
} satisfies EnablePorts;
