import type { Context, Hono } from 'hono';
import * as z from 'zod';
import type { LogId } from '../domain/ledger/ledger-entry.ts';
import { proveConsistency, proveInclusion } from '../domain/ledger/prove.ts';
import type { CheckpointKeys, Checkpoints, LedgerArchive } from '../domain/ports/checkpoints.ts';
import { Refusal } from '../domain/refusal.ts';
import { handle, READING, type RequestPorts } from './control-api.ts';
import { logIn, unknownLog } from './log-in.ts';

export type CheckpointApiPorts = RequestPorts & {
  readonly checkpoints: Checkpoints;
  readonly archive: LedgerArchive;
  readonly keys: Pick<CheckpointKeys, 'all'>;
};

const Count = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const ListQuery = z.strictObject({ from: Count.default(0), limit: Count.min(1).max(500).default(100) });

/** What a receipt is proved by: signed checkpoints, proofs against the newest one, and the keys. Proofs and keys are for whoever verifies; nothing here has to be believed. */
export function addCheckpointRoutes(app: Hono, ports: CheckpointApiPorts): void {
  const get = (path: string, read: (context: Context) => Promise<object>) =>
    app.get(path, (context) => handle(context, ports, READING, async () => context.json(await read(context), 200)));
  const log = (context: Context) => logIn(context.req.param('log') ?? '');

  get('/v1/ledger/:log/checkpoints', (context) => listCheckpoints(log(context), context.req.query(), ports));
  get('/v1/ledger/:log/proofs/:index', async (context) => {
    const index = countIn(context.req.param('index'), 'an entry');
    return { log: log(context), index, ...(await proveInclusion(log(context), index, ports)) };
  });
  get('/v1/ledger/:log/consistency/:size', async (context) => {
    const before = countIn(context.req.param('size'), 'the size of a checkpoint');
    return { log: log(context), before, ...(await proveConsistency(log(context), before, ports)) };
  });
  get('/v1/checkpoint-keys', async () => ({ keys: (await ports.keys.all()).map(({ vkey }) => vkey) }));
}

async function listCheckpoints(log: LogId, query: Record<string, string>, { checkpoints }: CheckpointApiPorts) {
  const parsed = ListQuery.safeParse(query);
  if (!parsed.success)
    throw new Refusal('InvalidRequest', z.prettifyError(parsed.error), 'give from and limit (at most 500) as numbers');
  const found = await checkpoints.list(log, parsed.data);
  if (found.length === 0 && !(await checkpoints.head(log))) unknownLog(log);
  const last = found.at(-1);
  return {
    log,
    checkpoints: found.map(({ size, note }) => ({ size, note })),
    ...(last && found.length === parsed.data.limit && { next: last.size + 1 }),
  };
}

function countIn(text: string | undefined, what: string): number {
  const count = Count.safeParse(text);
  if (!count.success || text === '')
    throw new Refusal('InvalidRequest', `'${(text ?? '').slice(0, 40)}' is not ${what}`, 'give a whole number from 0');
  return count.data;
}
