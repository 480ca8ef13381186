import { randomUUID } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { IssuerKeys } from '../../domain/access/issuer-keys.ts';
import { recordRefusal } from '../../domain/access/record-refusal.ts';
import type { Caller } from '../../domain/approval/caller.ts';
import type { StrategyId } from '../../domain/ids.ts';
import { ScopeLatch } from '../../domain/kill/scope-latch.ts';
import { withDeadline } from '../../domain/kill/with-deadline.ts';
import type { Machine } from '../../domain/machine.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { Registration } from '../../domain/registration.ts';
import { Credential } from '../../domain/signature/credential.ts';
import { httpEngines } from '../engine/http-engine.ts';
import { elapsedMs, jitter, now } from './clock.ts';
import { countRefusal } from './count-refusal.ts';
import { DynamoLedger } from './dynamo-ledger.ts';
import { DynamoSomeRecords } from './dynamo-some-records.ts';
import { DynamoStrategies } from './dynamo-strategies.ts';
import { environment } from './environment.ts';
import { log } from './log.ts';
import { S3KillSpool } from './s3-kill-spool.ts';
import { createSecretSigner } from './secret-signer.ts';
import { createSecret } from './secrets.ts';
import { startExecution } from './start-execution.ts';
import { dynamo, tables } from './store.ts';

const records = new DynamoSomeRecords(dynamo, tables, now, {
  REGISTRATION: Registration,
  LATCH: ScopeLatch,
  CREDENTIAL: Credential,
  ISSUER: IssuerKeys,
});
const refusals = { count: countRefusal(dynamo, tables) };
const killKey = createSecret(new SecretsManagerClient({}), environment.KILL_KEY_SECRET);
const machines = new SFNClient({});
const signer = { keyid: 'kill' as const, sign: createSecretSigner(killKey) };
const known = new Map<StrategyId, { registration: Registration; readAt: number }>();
let learnedAt = Number.NEGATIVE_INFINITY;
const REMEMBERED_MS = 5_000;
const MOST_REGISTRATIONS = 1_000;
const REGISTRY_MS = 500;

export const s3 = new S3Client({});

/** What every kill needs, whoever may ask for it, and nothing more, so that its bundles stay small. (Clients are imported with it: one imported when it is needed comes with all it could do, twice the size.) */
export const killPath = {
  strategies: new DynamoStrategies(dynamo, tables),
  records,
  ledger: new DynamoLedger(dynamo, tables, jitter),
  engines: httpEngines({ signer, now, newNonce: randomUUID }),
  spool: new S3KillSpool(s3, environment.EVIDENCE_BUCKET),
  executions: { start, history: unused, succeed: unused, fail: unused },
  registrationOf,
  registrations,
  recordRefusal: (caller: Caller, attempted: { method: string; path: string }, refusal: Refusal) =>
    recordRefusal(caller, attempted, refusal, { refusals, now }),
  log,
  randomId: randomUUID,
  now,
  elapsedMs,
  prepare,
};

/** Fetches while nobody waits what the first kill would wait for: its key, and where all the engines are. That kill asks again for what failed here. */
function prepare(): void {
  killKey().catch((error: unknown) => failed('the kill path could not be prepared', error));
  void learnRegistry();
}

/** Remembers every registration, so that a kill of what this sandbox has never killed finds its engines while the store is away. Answers them; nothing when they could not be read. */
async function learnRegistry(): Promise<Registration[] | undefined> {
  learnedAt = elapsedMs();
  try {
    const all = await records.list('REGISTRATION', { limit: MOST_REGISTRATIONS });
    for (const registration of all) known.set(registration.id, { registration, readAt: elapsedMs() });
    return all;
  } catch (error) {
    failed('the engine registry could not be learned', error);
    return undefined;
  }
}

/** All that are registered as the store says now, or, where it does not say so in time, as they are remembered. Throws when nothing is. */
async function registrations(): Promise<readonly Registration[]> {
  const told = await withDeadline(learnRegistry(), REGISTRY_MS).catch(() => undefined);
  if (told) return told;
  if (known.size === 0) throw new Error('the registry can neither be read nor remembered');
  return [...known.values()].map(({ registration }) => registration);
}

const failed = (message: string, error: unknown) => log({ outcome: 'fault', message, error: String(error) });

/** From memory where it is there; an old memory is refreshed behind the answer, so a kill never waits for it twice. */
async function registrationOf(id: StrategyId): Promise<Registration | undefined> {
  const remembered = known.get(id);
  if (remembered && elapsedMs() - remembered.readAt < REMEMBERED_MS) return remembered.registration;
  const refreshed = records.get('REGISTRATION', id).then((registration) => {
    if (registration) known.set(id, { registration, readAt: elapsedMs() });
    return registration;
  });
  if (!remembered) {
    if (elapsedMs() - learnedAt >= REMEMBERED_MS) void learnRegistry(); // there is more in it than we knew
    return refreshed;
  }
  refreshed.catch((error: unknown) => failed('the engine registry could not be refreshed', error));
  return remembered.registration;
}

function start(_kill: Machine, name: string, input: Record<string, unknown>): Promise<void> {
  return startExecution(machines, environment.KILL_MACHINE_ARN, name, input);
}

function unused(): never {
  throw new Error('the kill path answers no states and reads no histories');
}
