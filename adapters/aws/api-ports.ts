import { randomUUID } from 'node:crypto';
import { createTokenVerifier } from '../identity/verify-token.ts';
import { jitter, now } from './clock.ts';
import { countRefusal } from './count-refusal.ts';
import { DynamoLedger } from './dynamo-ledger.ts';
import { DynamoRecords } from './dynamo-records.ts';
import { DynamoStrategies } from './dynamo-strategies.ts';
import { environment } from './environment.ts';
import { log } from './log.ts';
import { dynamo, tables } from './store.ts';

/** What the APIs share that change something for people and wake nobody: who asks, and the tables. No machine is here, no engine, no bus and no evidence. */
export const apiPorts = {
  strategies: new DynamoStrategies(dynamo, tables),
  records: new DynamoRecords(dynamo, tables, now),
  ledger: new DynamoLedger(dynamo, tables, jitter),
  refusals: { count: countRefusal(dynamo, tables) },
  demoAuthenticators: environment.DEMO_AUTHENTICATORS,
  verifyToken: createTokenVerifier({ issuer: environment.TOKEN_ISSUER, clientId: environment.OPERATOR_CLIENT_ID, now }),
  log,
  randomId: randomUUID,
  now,
  jitter,
};
