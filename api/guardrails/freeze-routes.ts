import type { Context, Hono } from 'hono';
import type { Role } from '../../domain/approval/approval.ts';
import type { Caller } from '../../domain/approval/caller.ts';
import { LiftRequest, liftFreeze } from '../../domain/freeze/lift-freeze.ts';
import { listFreezes } from '../../domain/freeze/list-freezes.ts';
import { FreezeRequest, setFreeze } from '../../domain/freeze/set-freeze.ts';
import { commandKey, handle, READING } from '../control-api.ts';
import type { GuardrailPorts } from '../guardrails-app.ts';
import { operating } from '../operating.ts';
import { readBody } from '../read-body.ts';

/** Holding launches up is safer, so that one person does it; asking that they go on is not yet letting them. */
const WHO: readonly Role[] = ['risk-officer', 'sre', 'execution-trader', 'quant'];

/** Freezes of launches, of whatever source, in one list (product decision 11). */
export function freezeRoutes(app: Hono, ports: GuardrailPorts): void {
  app.get('/v1/freezes', (context) =>
    handle(context, ports, READING, async () => context.json({ freezes: await listFreezes(ports) }, 200)),
  );
  app.post('/v1/freezes', (context) =>
    handle(context, ports, operating(WHO, 'a freeze'), (caller) => freeze(context, caller, ports)),
  );
  app.post('/v1/freezes/:id/lifts', (context) =>
    handle(context, ports, operating(WHO, 'lifting a freeze'), (caller) => lift(context, caller, ports)),
  );
}

async function freeze(context: Context, caller: Caller, ports: GuardrailPorts): Promise<Response> {
  const key = commandKey(context.req.raw, caller);
  const request = await readBody(context.req.raw, FreezeRequest);
  const { reply, receipt } = await setFreeze({ caller, key, request }, ports);
  return context.json({ ...reply, receipt }, 200);
}

async function lift(context: Context, caller: Caller, ports: GuardrailPorts): Promise<Response> {
  const key = commandKey(context.req.raw, caller);
  const request = await readBody(context.req.raw, LiftRequest);
  const reply = await liftFreeze({ caller, id: context.req.param('id') ?? '', key, request }, ports);
  return context.json(reply, reply.status === 'asked' ? 202 : 200);
}
