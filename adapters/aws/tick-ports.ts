import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { TickPorts } from '../../domain/health/sweep.ts';
import { readIssuerKeys } from '../identity/read-issuer-keys.ts';
import { readOutsideTime } from '../identity/read-outside-time.ts';
import { httpVenues } from '../venue/http-venue.ts';
import { readYaml } from '../yaml/read-yaml.ts';
import { elapsedMs, jitter, now } from './clock.ts';
import { bus, tellCourier } from './courier-bus.ts';
import { DynamoLedger } from './dynamo-ledger.ts';
import { DynamoRecords } from './dynamo-records.ts';
import { DynamoRefusals } from './dynamo-refusals.ts';
import { DynamoStrategies } from './dynamo-strategies.ts';
import { emfMetrics } from './emf-metrics.ts';
import { environment } from './environment.ts';
import { keysOfParameter } from './keys-of-parameter.ts';
import { log } from './log.ts';
import { machineArns } from './machine-arns.ts';
import { parseYaml } from './parse-yaml.ts';
import { S3Evidence } from './s3-evidence.ts';
import { S3KillSpool } from './s3-kill-spool.ts';
import { SfnExecutions } from './sfn-executions.ts';
import { dynamo, tables } from './store.ts';
import { tellingLedger, tellingRecords, tellingStrategies } from './telling-courier.ts';
import { venueCredential } from './venue-credential.ts';

const s3 = new S3Client({});

/** What the scheduled sweep takes: it writes no flag and commands no engine, so it carries the clients of neither. */
export const tickPorts = {
  strategies: tellingStrategies(new DynamoStrategies(dynamo, tables), tellCourier),
  records: tellingRecords(new DynamoRecords(dynamo, tables, now), tellCourier),
  ledger: tellingLedger(new DynamoLedger(dynamo, tables, jitter), tellCourier),
  refusals: new DynamoRefusals(dynamo, tables),
  spool: new S3KillSpool(s3, environment.EVIDENCE_BUCKET),
  executions: new SfnExecutions(new SFNClient({}), machineArns),
  evidence: new S3Evidence(s3, environment.EVIDENCE_BUCKET),
  venues: httpVenues({ credentialOf: venueCredential(new SecretsManagerClient({})) }),
  bus,
  trustedManifestKeys: keysOfParameter(environment.TRUSTED_MANIFEST_KEYS),
  demoAuthenticators: environment.DEMO_AUTHENTICATORS,
  issuerKeys: () => readIssuerKeys(environment.TOKEN_ISSUER),
  outsideTime: () => readOutsideTime(environment.TOKEN_ISSUER),
  metrics: emfMetrics(log, now),
  log,
  parseYaml,
  readYaml,
  now,
  jitter,
  elapsedMs,
} satisfies TickPorts;
