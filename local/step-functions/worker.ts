import { randomUUID } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from './clock.ts';
import { createEngine } from './create-engine.ts';
import type { StatusEvent } from './execution/status-event.ts';
import { createCall } from './tasks/call.ts';
import { putMachine } from './wire/machine-operations.ts';
import { serveWire } from './wire/serve-wire.ts';
import type { FromWorker, ToWorker, WorkerOptions } from './worker-message.ts';

/** The engine's own thread: its fsyncs must not hold up the host's requests. */
const host = parentPort;
if (!host) throw new Error('worker.ts runs in a worker thread; use start-step-functions.ts');
const options: WorkerOptions = workerData;
const tell = (message: FromWorker) => host.postMessage(message);
const lambda = Promise.withResolvers<string>();
const eventBridge = Promise.withResolvers<string>();
const deliveries = new Map<number, PromiseWithResolvers<void>>();
let sequence = 0;

const deliver = (event: StatusEvent) => {
  sequence += 1;
  const delivery = Promise.withResolvers<void>();
  deliveries.set(sequence, delivery);
  tell({ kind: 'status', id: sequence, event });
  return delivery.promise;
};
const key = options.accessKeyId ?? 'local';
const { engine, close } = createEngine({
  path: options.dataPath,
  region: options.region,
  ports: { clock: systemClock, random: Math.random, id: randomUUID },
  endpoints: {
    lambda: createCall(lambda.promise, 'lambda', key, options.region),
    events: createCall(eventBridge.promise, 'events', key, options.region),
  },
  deliver,
  onFault: (fault) => {
    tell({ kind: 'fault', problem: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault) });
    setImmediate(() => process.exit(1));
  },
});
const { server, url } = await serveWire(engine, options);

const put = async ({ id, name, definition }: Extract<ToWorker, { kind: 'put' }>) => {
  try {
    const arn = putMachine(engine, { name, definition });
    await engine.journal.durable();
    tell({ kind: 'put', id, arn, problem: undefined });
  } catch (error) {
    tell({ kind: 'put', id, arn: '', problem: error instanceof Error ? error.message : String(error) });
  }
};
const stop = () => {
  server.close();
  server.closeAllConnections();
  close();
  process.exit(0);
};
const delivered = ({ id, problem }: Extract<ToWorker, { kind: 'delivered' }>) => {
  const delivery = deliveries.get(id);
  deliveries.delete(id);
  if (problem === undefined) delivery?.resolve();
  else delivery?.reject(new Error(problem));
};

host.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'endpoints':
      lambda.resolve(message.lambda);
      eventBridge.resolve(message.eventBridge);
      break;
    case 'put':
      void put(message);
      break;
    case 'delivered':
      delivered(message);
      break;
    case 'stop':
      stop();
  }
});
tell({ kind: 'listening', url });
