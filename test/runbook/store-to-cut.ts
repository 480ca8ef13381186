import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { startDynamoDb } from '../../local/dynamodb/start-dynamo-db.ts';
import { type LocalHost, startLocalHost } from '../../rehearsal/local-host.ts';

const Local = z.looseObject({ endpoints: z.looseObject({ dynamodb: z.url() }) });

/** A host whose DynamoDB can go away and come back. */
export type StoreToCut = {
  readonly host: LocalHost;
  away(): Promise<void>;
  back(): Promise<void>;
  end(): Promise<void>;
};

/** It takes connections and requests, and answers nothing: its process stands still. */
export async function storeThatHangs(): Promise<StoreToCut> {
  const host = await startLocalHost();
  const pid = Number(await readFile(join(host.data, 'dynamodb.db.pid'), 'utf8'));
  const { endpoints } = Local.parse(JSON.parse(await readFile(join(host.data, 'local.json'), 'utf8')));
  const send = async (signal: 'SIGSTOP' | 'SIGCONT') => void process.kill(pid, signal);
  return {
    host,
    async away() {
      await send('SIGSTOP');
      await standsStill(endpoints.dynamodb);
    },
    back: () => send('SIGCONT'),
    async end() {
      await send('SIGCONT');
      await host.close();
    },
  };
}

/** A signal takes effect when the kernel gets to it, on a busy machine some requests later: waits until nothing is answered. */
async function standsStill(url: string): Promise<void> {
  const isAnswered = () =>
    fetch(url, { method: 'POST', signal: AbortSignal.timeout(200) }).then(
      (reply) => reply.text().then(() => true),
      () => false,
    );
  while (await isAnswered());
}

/** Its connections break, and new ones are refused: something between us and it is cut. */
export async function storeThatRefuses(): Promise<StoreToCut> {
  const folder = await mkdtemp(join(tmpdir(), 'tradepulse-cut-'));
  const dynamo = await startDynamoDb({ dataPath: join(folder, 'dynamodb.db') });
  const wire = await wireTo(Number(new URL(dynamo.url).port));
  const variable = `TRADEPULSE_DYNAMODB_ENDPOINT=http://127.0.0.1:${wire.port}`;
  const host = await startLocalHost({ command: ['env', variable, process.execPath, 'bin/tradepulse-local.ts'] });
  return {
    host,
    away: wire.cut,
    back: wire.mend,
    async end() {
      await wire.mend();
      await host.close();
      await wire.cut();
      await dynamo.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A port that leads to another one, until it is cut. */
export async function wireTo(target: number) {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    return socket;
  };
  let server: Server | undefined;
  const open = async (port: number) => {
    server = createServer((near) => {
      const far = keep(connect(target, '127.0.0.1'));
      keep(near).pipe(far).pipe(near);
      near.on('close', () => far.destroy());
      far.on('close', () => near.destroy());
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    return typeof address === 'object' && address ? address.port : 0;
  };
  const port = await open(0);
  return {
    port,
    async cut() {
      if (!server) return;
      const closed = once(server, 'close');
      server.close();
      server = undefined;
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    async mend() {
      if (!server) await open(port);
    },
  };
}
