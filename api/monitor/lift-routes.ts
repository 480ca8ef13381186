import type { Context, Hono } from 'hono';
import type { Role } from '../../domain/approval/approval.ts';
import type { Caller } from '../../domain/approval/caller.ts';
import { type LiftPorts, liftRestriction } from '../../domain/ladder/lift-restriction.ts';
import { RestrictionLiftRequest } from '../../domain/ladder/restriction-lift-request.ts';
import { commandKey, handle, type RequestPorts } from '../control-api.ts';
import { operating } from '../operating.ts';
import { readBody } from '../read-body.ts';
import { strategyIn } from '../strategy-in.ts';

type LiftRoutePorts = RequestPorts & LiftPorts;

/** Asking that trading goes on is not yet letting it. */
const MAY_ASK: readonly Role[] = ['execution-trader', 'risk-officer', 'quant', 'sre'];

/** The way back up the mode ladder: what holds a strategy back is lifted once two people have signed that. */
export function liftRoutes(app: Hono, ports: LiftRoutePorts): void {
  app.post('/v1/strategies/:id/lifts', (context) =>
    handle(context, ports, operating(MAY_ASK, 'lifting a restriction'), (caller) => lift(context, caller, ports)),
  );
}

async function lift(context: Context, caller: Caller, ports: LiftRoutePorts): Promise<Response> {
  const strategyId = strategyIn(context.req.param('id') ?? '');
  const key = commandKey(context.req.raw, caller);
  const request = await readBody(context.req.raw, RestrictionLiftRequest);
  const reply = await liftRestriction({ strategyId, actor: caller.subject, key, request }, ports);
  return context.json(reply, reply.status === 'asked' ? 202 : 200);
}
