import { Worker } from 'node:worker_threads';
import type { StatusEvent } from './execution/status-event.ts';
import type { FromWorker, ToWorker, WorkerOptions } from './worker-message.ts';

interface Options {
  /** File of the journal (`sfn.db`); created when absent. */
  readonly dataPath: string;
  readonly region: string;
  /** When given, requests with another access key id are refused, and tasks carry this one. */
  readonly accessKeyId?: string;
  /** Base URLs of the Lambda and EventBridge APIs. Leave them out when the host does not listen yet; see `connect`. */
  readonly lambdaEndpoint?: string;
  readonly eventBridgeEndpoint?: string;
  /** Told of every RUNNING and every end of an execution: at least once, again until the promise resolves. */
  readonly onStatusChange: (event: StatusEvent) => Promise<void>;
  /** Told when the engine had to end by itself (a broken disk); executions go on at the next start. */
  readonly onFault?: (problem: string) => void;
  readonly port?: number;
}

export interface StepFunctions {
  readonly url: string;
  /** Says where tasks find Lambda and EventBridge. Until then they wait, those of recovered executions too. */
  connect(endpoints: { readonly lambdaEndpoint: string; readonly eventBridgeEndpoint: string }): void;
  /** Stores a machine; returns its ARN. Rejects with the reasons when the definition cannot be run. */
  putStateMachine(name: string, definition: string): Promise<string>;
  /** Ends the engine; running executions go on at the next start. */
  stop(): Promise<void>;
}

/** Starts the Step Functions engine in a thread of its own, on a port of its own at 127.0.0.1. */
export async function startStepFunctions(options: Options): Promise<StepFunctions> {
  const { dataPath, region, accessKeyId, port = 0, lambdaEndpoint, eventBridgeEndpoint } = options;
  const workerData: WorkerOptions = { dataPath, region, accessKeyId, port };
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData });
  const send = (message: ToWorker) => worker.postMessage(message);
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const listening = Promise.withResolvers<string>();
  const puts = pendingPuts(send);
  const ended = (problem: string) => {
    listening.reject(new Error(`Step Functions did not start: ${problem}`));
    puts.end(problem);
  };
  worker.on('message', (message: FromWorker) => {
    switch (message.kind) {
      case 'listening':
        return listening.resolve(message.url);
      case 'status':
        return void forward(message, options, send);
      case 'fault':
        return options.onFault?.(message.problem);
      case 'put':
        return puts.settle(message);
    }
  });
  worker.on('error', (error) => {
    ended(String(error));
    options.onFault?.(String(error));
  });
  worker.once('exit', (code) => ended(`its thread ended with ${code}`));

  const connect: StepFunctions['connect'] = ({ lambdaEndpoint: lambda, eventBridgeEndpoint: eventBridge }) =>
    send({ kind: 'endpoints', lambda, eventBridge });
  if (lambdaEndpoint && eventBridgeEndpoint) connect({ lambdaEndpoint, eventBridgeEndpoint });
  const stop = () => {
    send({ kind: 'stop' });
    return exited;
  };
  return { url: await listening.promise, connect, putStateMachine: puts.put, stop };
}

type Send = (message: ToWorker) => void;

async function forward({ id, event }: Extract<FromWorker, { kind: 'status' }>, options: Options, send: Send) {
  try {
    await options.onStatusChange(event);
    send({ kind: 'delivered', id, problem: undefined });
  } catch (error) {
    send({ kind: 'delivered', id, problem: String(error) });
  }
}

function pendingPuts(send: Send) {
  const waiting = new Map<number, PromiseWithResolvers<string>>();
  let sequence = 0;
  const put = (name: string, definition: string) => {
    sequence += 1;
    const answer = Promise.withResolvers<string>();
    waiting.set(sequence, answer);
    send({ kind: 'put', id: sequence, name, definition });
    return answer.promise;
  };
  const settle = ({ id, arn, problem }: Extract<FromWorker, { kind: 'put' }>) => {
    const answer = waiting.get(id);
    waiting.delete(id);
    if (problem === undefined) answer?.resolve(arn);
    else answer?.reject(new Error(problem));
  };
  const end = (problem: string) => {
    for (const answer of waiting.values()) answer.reject(new Error(`Step Functions ended: ${problem}`));
    waiting.clear();
  };
  return { put, settle, end };
}
