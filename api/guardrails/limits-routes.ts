import type { Context, Hono } from 'hono';
import type { Role } from '../../domain/approval/approval.ts';
import type { Caller } from '../../domain/approval/caller.ts';
import { changeLimits } from '../../domain/limits/change-limits.ts';
import { LimitsRequest } from '../../domain/limits/limits-request.ts';
import { viewLimits } from '../../domain/limits/view-limits.ts';
import { commandKey, handle, READING } from '../control-api.ts';
import type { GuardrailPorts } from '../guardrails-app.ts';
import { operating } from '../operating.ts';
import { readBody } from '../read-body.ts';
import { strategyIn } from '../strategy-in.ts';

const MAY_PROPOSE: readonly Role[] = ['risk-officer', 'execution-trader', 'quant'];

/** Runbook 1.4: the approved exposure of a strategy, wherever it is told, and its changes, which two people sign. */
export function limitsRoutes(app: Hono, ports: GuardrailPorts): void {
  app.get('/v1/strategies/:id/limits', (context) =>
    handle(context, ports, READING, async () => context.json(await viewLimits(strategyOf(context), ports), 200)),
  );
  app.post('/v1/strategies/:id/limits', (context) =>
    handle(context, ports, operating(MAY_PROPOSE, 'a change of risk limits'), (caller) =>
      change(context, caller, ports),
    ),
  );
}

const strategyOf = ({ req }: Context) => strategyIn(req.param('id') ?? '');

async function change(context: Context, caller: Caller, ports: GuardrailPorts): Promise<Response> {
  const key = commandKey(context.req.raw, caller);
  const request = await readBody(context.req.raw, LimitsRequest);
  const reply = await changeLimits({ caller, strategyId: strategyOf(context), key, request }, ports);
  return context.json(reply, reply.status === 'asked' ? 202 : 200);
}
