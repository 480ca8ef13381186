import { type Context, Hono } from 'hono';
import * as z from 'zod';
import type { Role } from '../domain/approval/approval.ts';
import { type Caller, requireRole } from '../domain/approval/caller.ts';
import { executeKill } from '../domain/kill/execute-kill.ts';
import { type KillScopePorts, killScope } from '../domain/kill/kill-scope.ts';
import { Refusal } from '../domain/refusal.ts';
import { authenticate, requireScope, type VerifyToken } from './authenticate.ts';
import { lenientKey } from './lenient-key.ts';
import { faultProblem, notFound, problem } from './problem.ts';
import { readBodyLeniently } from './read-body.ts';
import { strategyIn } from './strategy-in.ts';

const TOLERATED_EXPIRY_MS = 15 * 60_000; // architecture section 5: a kill does not fail because a login ran out
const MAY_KILL: readonly Role[] = ['execution-trader', 'risk-officer', 'quant', 'sre'];
const Body = z.object({ scope: z.unknown().optional(), reason: z.unknown().optional() });

export type KillApiPorts = KillScopePorts & {
  verifyToken: VerifyToken;
  log: (line: Record<string, unknown>) => void;
  randomId: () => string;
  /** Counts a refused attempt for the access log, after the answer is decided. */
  recordRefusal: (caller: Caller, attempted: Attempted, refusal: Refusal) => Promise<void>;
};

type Attempted = { method: string; path: string };
type Act = (context: Context, caller: Caller, ports: KillApiPorts) => Promise<Response>;

/** `POST /v1/strategies/{id}/kills` and `POST /v1/kills`: the requests that are refused only for who asks and for an unknown target (product decision 2). */
export function killApp(ports: KillApiPorts): Hono {
  const app = new Hono();
  app.post('/v1/strategies/:id/kills', (context) => handleKill(context, ports, killStrategy));
  app.post('/v1/kills', (context) => handleKill(context, ports, killWholeScope));
  app.notFound((context) => problem(notFound(context.req.path)));
  return app;
}

/** Who, may they, do it; a refusal of somebody known is counted. */
async function handleKill(context: Context, ports: KillApiPorts, act: Act): Promise<Response> {
  const attempted = { method: 'POST', path: context.req.path };
  let caller: Caller | undefined;
  try {
    caller = await authenticate(context.req.raw, ports.verifyToken, { toleranceMs: TOLERATED_EXPIRY_MS });
    requireScope(caller, 'control-plane/kill');
    const refusal = requireRole(caller, MAY_KILL, 'a kill');
    if (refusal) throw refusal;
    return await act(context, caller, ports);
  } catch (error) {
    if (!(error instanceof Refusal)) {
      const requestId = ports.randomId();
      ports.log({ outcome: 'fault', requestId, error: String(error) });
      return faultProblem(requestId);
    }
    ports.log({ outcome: 'refused', code: error.code, ...attempted });
    if (caller)
      await ports
        .recordRefusal(caller, attempted, error)
        .catch((failure: unknown) => ports.log({ outcome: 'fault', error: String(failure) }));
    return problem(error);
  }
}

async function killStrategy(context: Context, caller: Caller, ports: KillApiPorts): Promise<Response> {
  const strategyId = strategyIn(context.req.param('id') ?? '');
  const { reason } = await bodyOf(context);
  const commandId = lenientKey(context.req.raw, ports.randomId);
  const reply = await executeKill({ caller, strategyId, reason, commandId }, ports);
  const { runId, status, latched, spooled } = reply;
  ports.log({ outcome: 'done', runId, status, latched, spooled });
  return context.json(reply, 202);
}

async function killWholeScope(context: Context, caller: Caller, ports: KillApiPorts): Promise<Response> {
  const asked = await bodyOf(context);
  const commandId = lenientKey(context.req.raw, ports.randomId);
  const reply = await killScope({ caller, ...asked, commandId }, ports);
  const { scope, latched, counts } = reply;
  ports.log({ outcome: 'done', scope, latched, counts });
  return context.json(reply, 202);
}

/** What the body says, as far as it says anything. */
const bodyOf = async ({ req }: Context): Promise<z.infer<typeof Body>> =>
  Body.catch({}).parse(await readBodyLeniently(req.raw));
