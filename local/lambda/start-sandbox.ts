import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import type { LambdaFunction } from '../template/lambda-functions.ts';
import type { FromSandbox, FunctionError, Invocation, SandboxOptions } from './sandbox-message.ts';

/** What an invocation came to: the payload is the result, or for `failed` a FunctionError. */
export type InvokeResult = { readonly payload: string; readonly failed: boolean };

/** One thread with a function's bundle in it. It runs one invocation at a time; whoever uses it sees to that. */
export type Sandbox = {
  /** Resolves when the bundle is loaded, with the reason when it could not be. Never rejects. */
  readonly loaded: Promise<FunctionError | undefined>;
  /** Never rejects. */
  run(invocation: Invocation): Promise<InvokeResult>;
  /** False from the moment it ends, by itself, by a timeout or by `end`. */
  alive(): boolean;
  end(): Promise<void>;
};

export type SandboxSurroundings = {
  /** The whole environment of the function: nothing of the host's own reaches it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly compileCache?: string | undefined;
  /** How far it stands back behind others that want a processor: 0 where people or engines wait for it; all the way unless given. */
  readonly nice?: number;
  /** Told of every line the function writes. */
  readonly onLine: (functionName: string, line: string) => void;
};

const initSeconds = 10;
/** A step of a machine is late when it is late by seconds, a kill or a lease by milliseconds. */
const LAST = 19;

/** Starts the deployed bundle of a function in a thread of its own (local runtime, section 7). */
export function startSandbox(fn: LambdaFunction, surroundings: SandboxSurroundings): Sandbox {
  const worker = startWorker(fn, surroundings);
  const loaded = Promise.withResolvers<FunctionError | undefined>();
  let alive = true;
  let answer: ((result: InvokeResult) => void) | undefined;

  const settle = (result: InvokeResult) => {
    answer?.(result);
    answer = undefined;
  };
  const ended = (errorType: string, errorMessage: string) => {
    alive = false;
    loaded.resolve({ errorType, errorMessage });
    settle(failure({ errorType, errorMessage }));
  };
  /** A hung function holds up nobody but its caller, and that one not for longer than its timeout. */
  const timeOut = (errorMessage: string) => {
    ended('Sandbox.Timedout', errorMessage);
    void worker.terminate();
  };
  worker.on('message', (message: FromSandbox) => {
    if (message.kind === 'loaded') loaded.resolve(message.error);
    else settle({ payload: message.payload, failed: message.error });
  });
  worker.on('error', (error) => ended(fatalType(error), error instanceof Error ? error.message : String(error)));
  worker.once('exit', (code) => ended('Runtime.ExitError', `Error: Runtime exited with exit status ${code}`));
  const init = setTimeout(() => timeOut(`Error: Init did not end within ${initSeconds} seconds`), initSeconds * 1000);
  void loaded.promise.then(() => clearTimeout(init));

  return {
    loaded: loaded.promise,
    alive: () => alive,
    async run(invocation) {
      const seconds = (fn.timeoutMs / 1000).toFixed(2);
      const late = `RequestId: ${invocation.requestId} Error: Task timed out after ${seconds} seconds`;
      const timer = setTimeout(() => timeOut(late), fn.timeoutMs);
      const result = new Promise<InvokeResult>((resolve) => (answer = resolve));
      worker.postMessage(invocation);
      return result.finally(() => clearTimeout(timer));
    },
    async end() {
      ended('Runtime.HostStopped', 'The local host ended the function');
      await worker.terminate();
    },
  };
}

function startWorker(fn: LambdaFunction, surroundings: SandboxSurroundings): Worker {
  const { environment, compileCache, nice = LAST, onLine } = surroundings;
  const { codePath, handler, name: functionName, arn: functionArn, memoryMb } = fn;
  const workerData: SandboxOptions = { codePath, handler, functionName, functionArn, memoryMb, compileCache, nice };
  const worker = new Worker(new URL('./lambda-worker.ts', import.meta.url), {
    workerData,
    env: { ...environment },
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
  for (const input of [worker.stdout, worker.stderr]) {
    createInterface({ input }).on('line', (line) => onLine(functionName, line));
  }
  return worker;
}

const fatalType = (error: unknown): string =>
  error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? 'Runtime.OutOfMemory'
    : 'Runtime.UnhandledError';

/** A failed result in Lambda's form. */
export const failure = (error: FunctionError): InvokeResult => ({ payload: JSON.stringify(error), failed: true });
