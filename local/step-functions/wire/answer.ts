import type { Engine } from '../engine.ts';
import { isObject, type Json, parseJson } from '../json.ts';
import { ServiceError } from '../service-error.ts';
import { callbackOperations } from './callback-operations.ts';
import { executionOperations } from './execution-operations.ts';
import { machineOperations } from './machine-operations.ts';
import type { Operation } from './operation.ts';

const OPERATIONS = new Map<string, Operation>(
  [machineOperations, executionOperations, callbackOperations].flatMap((group) => Object.entries(group)),
);

/** Performs one request of the AWS JSON 1.0 protocol. The answer waits until what it tells of is on disk. */
export async function answer(engine: Engine, target: string, body: string): Promise<Record<string, Json | undefined>> {
  const name = target.replace(/^AWSStepFunctions\./, '');
  const operation = OPERATIONS.get(name);
  if (!operation) throw new ServiceError('UnknownOperationException', `The operation '${name}' is not supported here`);
  const parsed = parseJson(body === '' ? '{}' : body);
  if (!isObject(parsed)) throw new ServiceError('SerializationException', 'the body must be a JSON object');
  const reply = operation(engine, parsed);
  await engine.journal.durable();
  return reply;
}
