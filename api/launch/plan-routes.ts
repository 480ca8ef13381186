import type { Context, Hono } from 'hono';
import type { Caller } from '../../domain/approval/caller.ts';
import { LaunchRequest } from '../../domain/launch/request-launch.ts';
import type { Plans } from '../../domain/ports/plans.ts';
import { handle, READING, type RequestPorts } from '../control-api.ts';
import { readBody } from '../read-body.ts';
import { strategyIn } from '../strategy-in.ts';

type PlanPorts = RequestPorts & { readonly plans: Pick<Plans, 'show'> };

/** Plan before act: everybody who may read may ask what a launch would do. It changes nothing, and so needs no Idempotency-Key. */
export function planRoutes(app: Hono, ports: PlanPorts): void {
  app.post('/v1/strategies/:id/plans', (context) =>
    handle(context, ports, READING, (caller) => showPlan(context, caller, ports)),
  );
}

async function showPlan(context: Context, { subject }: Caller, { plans }: PlanPorts): Promise<Response> {
  const strategyId = strategyIn(context.req.param('id') ?? '');
  const request = await readBody(context.req.raw, LaunchRequest);
  return context.json(await plans.show({ strategyId, requestedBy: subject, request }), 200);
}
