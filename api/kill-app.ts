import { Hono } from 'hono';
import * as z from 'zod';
import type { Role } from '../domain/approval/approval.ts';
import { requireRole } from '../domain/approval/caller.ts';
import { executeKill, type KillPorts } from '../domain/kill/execute-kill.ts';
import { Refusal } from '../domain/refusal.ts';
import { authenticate, requireScope, type VerifyToken } from './authenticate.ts';
import { lenientKey } from './lenient-key.ts';
import { faultProblem, notFound, problem } from './problem.ts';
import { readBodyLeniently } from './read-body.ts';
import { strategyIn } from './strategy-in.ts';

const TOLERATED_EXPIRY_MS = 15 * 60_000; // architecture section 5: a kill does not fail because a login ran out
const MAY_KILL: readonly Role[] = ['execution-trader', 'risk-officer', 'quant', 'sre'];
const Reason = z.object({ reason: z.unknown() });

export type KillApiPorts = KillPorts & {
  verifyToken: VerifyToken;
  log: (line: Record<string, unknown>) => void;
  randomId: () => string;
  /** Counts a refused attempt for the access log, after the answer is decided. */
  recordRefusal: (
    caller: Awaited<ReturnType<VerifyToken>>,
    attempted: { method: string; path: string },
    refusal: Refusal,
  ) => Promise<void>;
};

/** `POST /v1/strategies/{id}/kills`: the one request that is refused only for who asks and for an unknown target (product decision 2). */
export function killApp(ports: KillApiPorts): Hono {
  const app = new Hono();
  app.post('/v1/strategies/:id/kills', async (context) => {
    const attempted = { method: 'POST', path: context.req.path };
    let caller: Awaited<ReturnType<VerifyToken>> | undefined;
    try {
      caller = await authenticate(context.req.raw, ports.verifyToken, { toleranceMs: TOLERATED_EXPIRY_MS });
      requireScope(caller, 'control-plane/kill');
      const refusal = requireRole(caller, MAY_KILL, 'a kill');
      if (refusal) throw refusal;
      const strategyId = strategyIn(context.req.param('id'));
      const { reason } = Reason.catch({ reason: undefined }).parse(await readBodyLeniently(context.req.raw));
      const reply = await executeKill(
        { caller, strategyId, reason, commandId: lenientKey(context.req.raw, ports.randomId) },
        ports,
      );
      ports.log({
        outcome: 'done',
        runId: reply.runId,
        status: reply.status,
        latched: reply.latched,
        spooled: reply.spooled,
      });
      return context.json(reply, 202);
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
  });
  app.notFound((context) => problem(notFound(context.req.path)));
  return app;
}
