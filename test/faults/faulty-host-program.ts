import { IncomingMessage, Server } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import threads, { setEnvironmentData, type Worker, type WorkerOptions } from 'node:worker_threads';
import * as z from 'zod';
import { CLOCK, shiftDate } from './shifted-clock.ts';

/**
 * The local host, as `npm start` runs it, with what can go wrong around it: its functions reach AWS through the proxies of whoever
 * started it, its clock can be set, its identity provider can go away, and its kill functions can lose their warm sandboxes. None of this is known to the
 * product: it is done to the platform below it, before it is loaded.
 */
const Command = z.object({ clockMs: z.int(), identityIsAway: z.boolean(), coldKill: z.boolean() }).partial();
const Sandbox = z.looseObject({ functionName: z.string() });
const [proxies, ...args] = process.argv.slice(2);
const PROXIES = z.record(z.string(), z.url()).parse(JSON.parse(proxies ?? ''));
const KILL_FUNCTION = /^ServicesApi(Device)?Kill/;

const shared = new SharedArrayBuffer(4);
const shift = new Int32Array(shared);
setEnvironmentData(CLOCK, shared);
shiftDate(shift);

let identityIsAway = false;
const killSandboxes = new Set<Worker>();

const Threads = threads.Worker;
threads.Worker = class extends Threads {
  constructor(file: string | URL, options: WorkerOptions = {}) {
    const { env, execArgv = process.execArgv, workerData } = options;
    const preload = ['--import', new URL('./shifted-clock.ts', import.meta.url).href];
    super(file, { ...options, ...(env && { env: rewired(env) }), execArgv: [...execArgv, ...preload] });
    if (KILL_FUNCTION.test(Sandbox.safeParse(workerData).data?.functionName ?? '')) killSandboxes.add(this);
    this.once('exit', () => killSandboxes.delete(this));
  }
};

const emit: (this: Server, event: string, ...rest: unknown[]) => boolean = Server.prototype.emit;
Object.assign(Server.prototype, {
  emit(this: Server, event: string, ...rest: unknown[]) {
    const [request] = rest;
    const isForIdentity = request instanceof IncomingMessage && request.url?.startsWith('/oidc');
    if (event !== 'request' || !identityIsAway || !isForIdentity) return emit.call(this, event, ...rest);
    request.socket.destroy();
    return true;
  },
});
syncBuiltinESMExports();

/** Every function is told where the services really are; tells our parent, and has the function ask its proxies instead. */
function rewired(env: WorkerOptions['env']): WorkerOptions['env'] {
  const given = z.record(z.string(), z.string()).safeParse(env).data;
  if (!given?.['AWS_ENDPOINT_URL_DYNAMODB']) return env;
  process.send?.({ targets: given });
  return { ...given, ...PROXIES };
}

async function obey(message: unknown): Promise<void> {
  const { clockMs, coldKill, identityIsAway: away } = Command.parse(message);
  if (clockMs !== undefined) Atomics.store(shift, 0, clockMs);
  if (away !== undefined) identityIsAway = away;
  if (coldKill) await Promise.all([...killSandboxes].map((sandbox) => sandbox.terminate())); // or a kill may be given to one that is ending
  process.send?.({ done: true });
}

process.on('message', (message) => void obey(message));
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));

const { start } = await import('../../local/start.ts');
process.exit(await start(args));
