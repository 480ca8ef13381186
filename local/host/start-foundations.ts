import { join } from 'node:path';
import { type LocalDynamoDb, startDynamoDb } from '../dynamodb/start-dynamo-db.ts';
import { type StepFunctions, startStepFunctions } from '../step-functions/start-step-functions.ts';
import { openDataFolder } from './data-folder.ts';
import { type HostLog, hostLog } from './host-log.ts';
import { type HostOptions, region } from './host-options.ts';
import { type Installation, installationOf } from './installation.ts';
import { type Door, listen } from './listen.ts';
import { resultOf } from './result-of.ts';
import type { UndoList } from './undo-list.ts';

/** What everything else stands on: the folder, its secrets, the two stores, and the address. */
export type Foundations = {
  readonly dataPath: string;
  readonly log: HostLog;
  /** Writes to the log, and tells whoever started the host. */
  readonly problem: (what: string) => void;
  readonly now: () => Date;
  readonly installation: Installation;
  readonly dynamo: LocalDynamoDb;
  readonly stepFunctions: StepFunctions;
  readonly door: Door;
  /** Where status changes of executions go; set when there is somebody to take them. */
  readonly onStatusChange: (take: StatusTaker) => void;
};

type StatusTaker = Parameters<typeof startStepFunctions>[0]['onStatusChange'];

/** Takes the data folder, then starts DynamoDB, Step Functions and the port at the same time. */
export async function startFoundations(options: HostOptions, undo: UndoList): Promise<Foundations> {
  const now = options.now ?? (() => new Date());
  const { path: dataPath, release } = openDataFolder(options.dataPath, options);
  undo.add('the data folder', release);
  const log = hostLog(dataPath, now);
  const problem = (what: string) => {
    log('host', what);
    options.onProblem?.(what);
  };
  const installation = await installationOf(dataPath);
  const taker = Promise.withResolvers<StatusTaker>();
  const started = await Promise.allSettled([
    startDynamoDb({ dataPath: join(dataPath, 'dynamodb.db'), endpoint: options.dynamoDbEndpoint, onExit: problem }),
    startStepFunctions({
      dataPath: join(dataPath, 'sfn.db'),
      region,
      accessKeyId: installation.accessKeyId,
      onStatusChange: async (event) => (await taker.promise)(event),
      onFault: problem,
    }),
    listen(options.port),
  ]);
  const [dynamo, stepFunctions, door] = started;
  if (dynamo.status === 'fulfilled') undo.add('DynamoDB', dynamo.value.stop);
  if (stepFunctions.status === 'fulfilled') undo.add('Step Functions', stepFunctions.value.stop);
  if (door.status === 'fulfilled') undo.add('the port', door.value.close);
  return {
    dataPath,
    log,
    problem,
    now,
    installation,
    dynamo: resultOf(dynamo),
    stepFunctions: resultOf(stepFunctions),
    door: resultOf(door),
    onStatusChange: taker.resolve,
  };
}
