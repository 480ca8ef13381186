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
  const { dataPath, region, accessKeyId, port = 0, onStatusChange } = options;
  const workerData: WorkerOptions = { dataPath, region, accessKeyId, port };
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData });
  const send = (message: ToWorker) => worker.postMessage(message);
  const puts = new Map<number, PromiseWithResolvers<string>>();
  const listening = Promise.withResolvers<string>();
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const ended = (problem: string) => {
    listening.reject(new Error(`Step Functions did not start: ${problem}`));
    for (const waiting of puts.values()) waiting.reject(new Error(`Step Functions ended: ${problem}`));
    puts.clear();
  };
  const status = ({ id, event }: Extract<FromWorker, { kind: 'status' }>) => {
    const done = (problem?: unknown) => {
      send({ kind: 'delivered', id, problem: problem === undefined ? undefined : String(problem) });
    };
    Promise.resolve()
      .then(() => onStatusChange(event))
      .then(() => done(), done);
  };
  worker.on('message', (message: FromWorker) => {
    if (message.kind === 'listening') listening.resolve(message.url);
    if (message.kind === 'status') status(message);
    if (message.kind === 'fault') options.onFault?.(message.problem);
    if (message.kind === 'put') {
      const waiting = puts.get(message.id);
      puts.delete(message.id);
      if (message.problem === undefined) waiting?.resolve(message.arn);
      else waiting?.reject(new Error(message.problem));
    }
  });
  worker.on('error', (error) => {
    ended(String(error));
    options.onFault?.(String(error));
  });
  worker.once('exit', (code) => ended(`its thread ended with ${code}`));

  const connect: StepFunctions['connect'] = ({ lambdaEndpoint, eventBridgeEndpoint }) =>
    send({ kind: 'endpoints', lambda: lambdaEndpoint, eventBridge: eventBridgeEndpoint });
  const { lambdaEndpoint, eventBridgeEndpoint } = options;
  if (lambdaEndpoint && eventBridgeEndpoint) connect({ lambdaEndpoint, eventBridgeEndpoint });
  let sequence = 0;
  const putStateMachine = (name: string, definition: string) => {
    sequence += 1;
    const waiting = Promise.withResolvers<string>();
    puts.set(sequence, waiting);
    send({ kind: 'put', id: sequence, name, definition });
    return waiting.promise;
  };
  const stop = async () => {
    send({ kind: 'stop' });
    await exited;
  };
  return { url: await listening.promise, connect, putStateMachine, stop };
}
