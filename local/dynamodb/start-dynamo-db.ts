import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { answersTcp } from './answers-tcp.ts';
import { dynamoDbBinary } from './dynamo-db-binary.ts';
import { freePort } from './free-port.ts';
import { stopOrphan } from './stop-orphan.ts';

export type DynamoDbOptions = {
  /** The SQLite file, e.g. `.tradepulse/dynamodb.db`; its pid file lies beside it. */
  readonly dataPath: string;
  /** TRADEPULSE_DYNAMODB_ENDPOINT: a server somebody else runs. It is used as it is and never stopped. */
  readonly endpoint?: string | undefined;
  /** Called when the server ends by itself, with what it last wrote to standard error. */
  readonly onExit?: (reason: string) => void;
};

export type LocalDynamoDb = { readonly url: string; stop(): Promise<void> };

type Server = { readonly child: ChildProcess; readonly port: number; readonly output: () => string };

const attempts = 5;
const patienceMs = 10_000;

/** Starts the local DynamoDB (dynoxide, design: local runtime 3) on its data file, ready to answer, after stopping one a killed host left behind. */
export async function startDynamoDb({ dataPath, endpoint, onExit }: DynamoDbOptions): Promise<LocalDynamoDb> {
  if (endpoint) return { url: endpoint, stop: async () => undefined };
  const binary = dynamoDbBinary();
  const pidFile = `${dataPath}.pid`;
  await mkdir(dirname(dataPath), { recursive: true, mode: 0o700 });
  await stopOrphan(pidFile, dataPath);

  const { child, port, output } = await launch(binary, dataPath);
  await writeFile(pidFile, `${child.pid}\n`, { mode: 0o600 });
  let stopping = false;
  child.once('exit', (code, signal) => {
    if (!stopping) onExit?.(`The local DynamoDB ended (${signal ?? `exit ${code}`}): ${output()}`);
  });
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      stopping = true;
      await end(child);
      await rm(pidFile, { force: true });
    },
  };
}

/** Its own port 0 cannot be used (it prints 0), so a free port is looked for first, and another one if that was taken meanwhile. */
async function launch(binary: string, dataPath: string): Promise<Server> {
  let last = '';
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const server = run(binary, dataPath, await freePort());
    if (await ready(server)) return server;
    await end(server.child);
    last = server.output();
  }
  throw new Error(
    `The local DynamoDB did not start in ${attempts} attempts: ${last || 'it said nothing'}. Run "${binary} serve --db-path ` +
      `${dataPath}" to see why, or set TRADEPULSE_DYNAMODB_ENDPOINT to a server of your own.`,
  );
}

function run(binary: string, dataPath: string, port: number): Server {
  const args = ['serve', '--host', '127.0.0.1', '--port', String(port), '--db-path', dataPath];
  // a group of its own: it has to outlive a Ctrl-C in the terminal until everything that writes to it has ended
  const child = spawn(binary, args, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  let tail = '';
  child.stderr.on('data', (chunk: Buffer) => {
    tail = (tail + chunk.toString()).slice(-2000);
  });
  child.on('error', (error) => {
    tail += error.message;
  });
  return { child, port, output: () => tail.trim() };
}

async function ready({ child, port }: Server): Promise<boolean> {
  for (let waited = 0; waited < patienceMs; waited += 5) {
    if (hasEnded(child)) return false;
    if (await answersTcp(port)) return !hasEnded(child);
    await pause(5);
  }
  return false;
}

const hasEnded = ({ pid, exitCode, signalCode }: ChildProcess) =>
  pid === undefined || exitCode !== null || signalCode !== null;

async function end(child: ChildProcess) {
  if (hasEnded(child)) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const impatience = setTimeout(() => child.kill('SIGKILL'), 5000);
  await exited;
  clearTimeout(impatience);
}
