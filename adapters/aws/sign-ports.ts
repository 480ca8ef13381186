import { randomBytes, randomUUID } from 'node:crypto';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { createTokenVerifier } from '../identity/verify-token.ts';
import { simpleWebauthn } from '../webauthn/simple-webauthn.ts';
import { jitter, now } from './clock.ts';
import { countRefusal } from './count-refusal.ts';
import { bus, tellCourier } from './courier-bus.ts';
import { DynamoLedger } from './dynamo-ledger.ts';
import { DynamoRecords } from './dynamo-records.ts';
import { DynamoStrategies } from './dynamo-strategies.ts';
import { environment } from './environment.ts';
import { lambdaPlans } from './lambda-plans.ts';
import { log } from './log.ts';
import { machineArns } from './machine-arns.ts';
import { SfnExecutions } from './sfn-executions.ts';
import { dynamo, tables } from './store.ts';
import { tellingStrategies } from './telling-courier.ts';

const SECRET_BYTES = 32;

/** What signatures of people need and nothing more: nothing is started, commanded or read of evidence here; what a launch would do is asked of the function that drafts plans. */
export const signPorts = {
  strategies: tellingStrategies(new DynamoStrategies(dynamo, tables), tellCourier),
  records: new DynamoRecords(dynamo, tables, now),
  ledger: new DynamoLedger(dynamo, tables, jitter),
  refusals: { count: countRefusal(dynamo, tables) },
  executions: new SfnExecutions(new SFNClient({}), machineArns),
  plans: lambdaPlans(new LambdaClient({}), environment.PLAN_FUNCTION),
  bus,
  webauthn: simpleWebauthn(
    { rpId: environment.RP_ID, origin: environment.SIGNING_ORIGIN },
    environment.DEMO_AUTHENTICATORS,
  ),
  verifyToken: createTokenVerifier({ issuer: environment.TOKEN_ISSUER, clientId: environment.OPERATOR_CLIENT_ID, now }),
  log,
  randomId: randomUUID,
  randomSecret: () => randomBytes(SECRET_BYTES).toString('base64url'),
  now,
  jitter,
};
