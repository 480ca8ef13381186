import type { Context, Hono } from 'hono';
import type { Caller } from '../../domain/approval/caller.ts';
import { decideDrift, MAY_REVIEW_DRIFT } from '../../domain/drift/decide-drift.ts';
import { DriftDecision } from '../../domain/drift/drift-decision.ts';
import { DriftQuery, listDriftReviews } from '../../domain/drift/list-drift-reviews.ts';
import { commandKey, handle, READING } from '../control-api.ts';
import type { MonitorPorts } from '../monitor-app.ts';
import { operating } from '../operating.ts';
import { readBody } from '../read-body.ts';
import { readQuery } from '../read-query.ts';

/** JSON writes a line break with two bytes, and other marks with up to six. */
const MOST_BODY_BYTES = 6 * 2_000 + 1_024;

/** Drift reviews (runbook 3.3): which stand, with the positions they are about, and what somebody decides. */
export function driftRoutes(app: Hono, ports: MonitorPorts): void {
  app.get('/v1/drift-reviews', (context) =>
    handle(context, ports, READING, async () => {
      const query = readQuery(context.req.queries(), DriftQuery, 'drift reviews');
      return context.json({ reviews: await listDriftReviews(query, ports) }, 200);
    }),
  );
  app.post('/v1/drift-reviews/:id/decisions', (context) =>
    handle(context, ports, operating(MAY_REVIEW_DRIFT, 'deciding a drift review'), (caller) =>
      decide(context, caller, ports),
    ),
  );
}

async function decide(context: Context, caller: Caller, ports: MonitorPorts): Promise<Response> {
  const key = commandKey(context.req.raw, caller);
  const request = await readBody(context.req.raw, DriftDecision, MOST_BODY_BYTES);
  const id = context.req.param('id') ?? '';
  const { reply, receipt } = await decideDrift({ caller, id, key, request }, ports);
  return context.json({ ...reply, receipt }, 200);
}
