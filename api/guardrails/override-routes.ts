import type { Context, Hono } from 'hono';
import type { Role } from '../../domain/approval/approval.ts';
import type { Caller } from '../../domain/approval/caller.ts';
import { listOverrides } from '../../domain/override/list-overrides.ts';
import { OverrideRequest, requestOverride } from '../../domain/override/request-override.ts';
import { commandKey, handle, READING } from '../control-api.ts';
import type { GuardrailPorts } from '../guardrails-app.ts';
import { operating } from '../operating.ts';
import { readBody } from '../read-body.ts';
import { strategyIn } from '../strategy-in.ts';

const MAY_ASK: readonly Role[] = ['execution-trader', 'risk-officer', 'quant', 'sre'];

/** Overrides of soft no-goes (product decision 13): asked for here, and in force once two people have signed. */
export function overrideRoutes(app: Hono, ports: GuardrailPorts): void {
  app.get('/v1/strategies/:id/overrides', (context) =>
    handle(context, ports, READING, async () =>
      context.json({ overrides: await listOverrides(strategyOf(context), ports) }, 200),
    ),
  );
  app.post('/v1/strategies/:id/overrides', (context) =>
    handle(context, ports, operating(MAY_ASK, 'an override'), (caller) => request(context, caller, ports)),
  );
}

const strategyOf = ({ req }: Context) => strategyIn(req.param('id') ?? '');

async function request(context: Context, caller: Caller, ports: GuardrailPorts): Promise<Response> {
  const key = commandKey(context.req.raw, caller);
  const asked = await readBody(context.req.raw, OverrideRequest);
  const strategyId = strategyOf(context);
  const { reply, receipt } = await requestOverride({ caller, strategyId, key, request: asked }, ports);
  return context.json({ ...reply, receipt }, 202);
}
