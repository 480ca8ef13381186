import { Hono } from 'hono';
import { viewDrill } from '../domain/drill/view-drill.ts';
import { StrategyId } from '../domain/ids.ts';
import type { LogId } from '../domain/ledger/ledger-entry.ts';
import { rootOfRange } from '../domain/ledger/merkle.ts';
import { searchLog } from '../domain/ledger/search-log.ts';
import type { Ports } from '../domain/ports/ports.ts';
import type { LedgerPage } from '../domain/ports/strategies.ts';
import { addCheckpointRoutes, type CheckpointApiPorts } from './checkpoint-routes.ts';
import { handle, READING } from './control-api.ts';
import { LedgerQuery } from './ledger-query.ts';
import { logIn, unknownLog } from './log-in.ts';
import { notFound, problem } from './problem.ts';
import { readQuery } from './read-query.ts';

export type LedgerApiPorts = CheckpointApiPorts & Pick<Ports, 'ledger' | 'records'>;

/** Reading the ledgers, and what is made of their entries: what auditors and their tools ask for, on a function of its own. */
export function ledgerApp(ports: LedgerApiPorts): Hono {
  const app = new Hono();
  app.get('/v1/ledger/:log', (context) =>
    handle(context, ports, READING, async () =>
      context.json(await viewLog(logIn(context.req.param('log')), context.req.queries(), ports), 200),
    ),
  );
  app.get('/v1/drills/:id', (context) =>
    handle(context, ports, READING, async () => context.json(await viewDrill(context.req.param('id'), ports), 200)),
  );
  addCheckpointRoutes(app, ports);
  app.notFound((context) => problem(notFound(context.req.path)));
  return app;
}

async function viewLog(log: LogId, query: Record<string, string[]>, ports: LedgerApiPorts) {
  const { from, limit, order, ...where } = readQuery(query, LedgerQuery, 'a log');
  return (await searchLog(log, { from, limit, order, where }, ports)) ?? emptyLog(log);
}

/** `desk` and `access` are there before their first entry; the log of a strategy begins with its registration. */
function emptyLog(log: LogId): LedgerPage {
  if (StrategyId.safeParse(log).success) return unknownLog(log);
  return { log, size: 0, root: rootOfRange([]), entries: [] };
}
