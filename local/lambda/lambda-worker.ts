import { existsSync } from 'node:fs';
import { createRequire, enableCompileCache } from 'node:module';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { functionError } from './function-error.ts';
import type { FromSandbox, Invocation, SandboxOptions } from './sandbox-message.ts';

/** The thread a deployed bundle runs in: loads it, then runs one invocation after the other, as a Lambda sandbox does. */
const host = parentPort;
if (!host) throw new Error('lambda-worker.ts runs in a worker thread; use start-sandbox.ts');
const options: SandboxOptions = workerData;
const tell = (message: FromSandbox) => host.postMessage(message);

type Handler = (event: unknown, context: object) => unknown;

async function load(): Promise<Handler> {
  const [module = '', name = ''] = options.handler.split('.');
  const file = ['js', 'mjs', 'cjs'].map((end) => join(options.codePath, `${module}.${end}`)).find(existsSync);
  if (!file) throw importError(`Cannot find module '${module}' in ${options.codePath}`, 'Runtime.ImportModuleError');
  const loaded: unknown = file.endsWith('.cjs') ? createRequire(file)(file) : await import(pathToFileURL(file).href);
  const handler: unknown = Object.entries(loaded ?? {}).find(([key]) => key === name)?.[1];
  if (isHandler(handler)) return handler;
  throw importError(`${options.handler} is undefined or not exported`, 'Runtime.HandlerNotFound');
}

const isHandler = (value: unknown): value is Handler => typeof value === 'function';

function importError(message: string, name: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}

const contextOf = ({ requestId, deadline }: Invocation) => ({
  awsRequestId: requestId,
  functionName: options.functionName,
  functionVersion: '$LATEST',
  invokedFunctionArn: options.functionArn,
  memoryLimitInMB: String(options.memoryMb),
  logGroupName: `/aws/lambda/${options.functionName}`,
  logStreamName: 'local',
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
});

async function answer(handler: Handler, invocation: Invocation): Promise<FromSandbox> {
  try {
    const result = await handler(JSON.parse(invocation.event), contextOf(invocation));
    return { kind: 'answer', payload: JSON.stringify(result) ?? 'null', error: false };
  } catch (thrown) {
    return { kind: 'answer', payload: JSON.stringify(functionError(thrown)), error: true };
  }
}

if (options.nice > 0 && process.platform === 'linux') setPriority(options.nice); // of this thread alone; elsewhere it would be the process
if (options.compileCache) enableCompileCache(options.compileCache);
try {
  const handler = await load();
  host.on('message', (invocation: Invocation) => void answer(handler, invocation).then(tell));
  tell({ kind: 'loaded', error: undefined });
} catch (thrown) {
  tell({ kind: 'loaded', error: functionError(thrown) });
}
