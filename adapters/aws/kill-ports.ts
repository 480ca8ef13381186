import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { recordRefusal } from '../../domain/access/record-refusal.ts';
import type { Caller } from '../../domain/approval/caller.ts';
import type { Machine } from '../../domain/control-record.ts';
import type { StrategyId } from '../../domain/ids.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Registration } from '../../domain/registration.ts';
import { httpEngines } from '../engine/http-engine.ts';
import { createTokenVerifier } from '../identity/verify-token.ts';
import { elapsedMs, jitter, now } from './clock.ts';
import { DynamoLedger } from './dynamo-ledger.ts';
import { DynamoRecords } from './dynamo-records.ts';
import { DynamoStrategies } from './dynamo-strategies.ts';
import { environment } from './environment.ts';
import { log } from './log.ts';
import { createSecretSigner } from './secret-signer.ts';

const tables = { control: environment.CONTROL_TABLE, ledger: environment.LEDGER_TABLE };
const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
  marshallOptions: { removeUndefinedValues: true },
});
const records = new DynamoRecords(dynamo, tables, now);
const killKey = lazily(readKillKey);
const signer = { keyid: 'kill' as const, sign: createSecretSigner(killKey) };
const known = new Map<StrategyId, { registration: Registration; readAt: number }>();
const REMEMBERED_MS = 5_000;

/** What the kill path needs and nothing more, so that its bundle stays small; clients it rarely needs are imported when they are. */
export const killPorts = {
  strategies: new DynamoStrategies(dynamo, tables),
  engines: httpEngines({ signer, now, newNonce: randomUUID }),
  executions: { start: startMachine, history: unused, succeed: unused, fail: unused },
  registrationOf,
  verifyToken: createTokenVerifier({
    issuer: environment.TOKEN_ISSUER,
    clientId: environment.OPERATOR_CLIENT_ID,
    now,
    ahead: true,
  }),
  recordRefusal: (caller: Caller, attempted: { method: string; path: string }, refusal: Refusal) =>
    recordRefusal(caller, attempted, refusal, { ledger: new DynamoLedger(dynamo, tables, jitter), now }),
  log,
  randomId: randomUUID,
  now,
  elapsedMs,
  prepare,
};

/** Fetches while nobody waits what the first kill would wait for: its key, and a connection to the store. That kill asks again for what failed here. */
function prepare(): void {
  for (const ahead of [killKey(), records.get('TICK', 'health')])
    ahead.catch((error: unknown) =>
      log({ outcome: 'fault', message: 'the kill path could not be prepared', error: String(error) }),
    );
}

/** From memory where it is there; an old memory is refreshed behind the answer, so a kill never waits for it twice. */
async function registrationOf(id: StrategyId): Promise<Registration | undefined> {
  const remembered = known.get(id);
  if (remembered && elapsedMs() - remembered.readAt < REMEMBERED_MS) return remembered.registration;
  const refreshed = records.get('REGISTRATION', id).then((registration) => {
    if (registration) known.set(id, { registration, readAt: elapsedMs() });
    return registration;
  });
  if (!remembered) return refreshed;
  refreshed.catch((error: unknown) =>
    log({ outcome: 'fault', message: 'the engine registry could not be refreshed', error: String(error) }),
  );
  return remembered.registration;
}

const stepFunctions = lazily(async () => {
  const [{ SFNClient }, { SfnExecutions }] = await Promise.all([
    import('@aws-sdk/client-sfn'),
    import('./sfn-executions.ts'),
  ]);
  return new SfnExecutions(new SFNClient({}), { launch: '', stop: '', kill: environment.KILL_MACHINE_ARN });
});

async function startMachine(machine: Machine, name: string, input: Record<string, unknown>): Promise<void> {
  await (await stepFunctions()).start(machine, name, input);
}

async function readKillKey(): Promise<string> {
  const [{ SecretsManagerClient }, { createSecret }] = await Promise.all([
    import('@aws-sdk/client-secrets-manager'),
    import('./secrets.ts'),
  ]);
  return createSecret(new SecretsManagerClient({}), environment.KILL_KEY_SECRET)();
}

/** Asks once, and again only after a failure. */
function lazily<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => {
    asked ??= ask().catch((error: unknown) => {
      asked = undefined;
      throw error;
    });
    return asked;
  };
}

function unused(): never {
  throw new Error('the kill path answers no states and reads no histories');
}
