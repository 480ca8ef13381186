import type { Context, Hono } from 'hono';
import type { Role } from '../../domain/approval/approval.ts';
import type { Caller } from '../../domain/approval/caller.ts';
import { cleanReason } from '../../domain/kill/clean-reason.ts';
import { digestOf } from '../../domain/ledger/digest.ts';
import { addIncidents } from '../../domain/venue-incident/add-incidents.ts';
import { closeByHand } from '../../domain/venue-incident/close-by-hand.ts';
import { ClosureRequest } from '../../domain/venue-incident/closure-request.ts';
import { listIncidents } from '../../domain/venue-incident/list-incidents.ts';
import { VenueIncidentQuery } from '../../domain/venue-incident/venue-incident-query.ts';
import { VenueIncidentRequest } from '../../domain/venue-incident/venue-incident-request.ts';
import { commandKey, handle, READING } from '../control-api.ts';
import { lenientKey } from '../lenient-key.ts';
import type { MonitorPorts } from '../monitor-app.ts';
import { operating } from '../operating.ts';
import { readBody, readBodyLeniently } from '../read-body.ts';
import { readQuery } from '../read-query.ts';

/** One person makes trading safer alone; closing early is refused while it would not be. */
const WHO: readonly Role[] = ['execution-trader', 'risk-officer', 'quant', 'sre'];

/** Incidents of venues (runbook 5.3): opening them and logging tickets, looking at them, and closing those that are stable. */
export function venueIncidentRoutes(app: Hono, ports: MonitorPorts): void {
  app.post('/v1/venues/:mic/incidents', (context) =>
    handle(context, ports, operating(WHO, 'an incident of a venue'), (caller) => add(context, caller, ports)),
  );
  app.get('/v1/venue-incidents', (context) =>
    handle(context, ports, READING, async () => {
      const query = readQuery(context.req.queries(), VenueIncidentQuery, 'incidents of venues');
      return context.json(await listIncidents(query, ports), 200);
    }),
  );
  app.post('/v1/venue-incidents/:id/closure', (context) =>
    handle(context, ports, operating(WHO, 'closing an incident of a venue'), (caller) => close(context, caller, ports)),
  );
}

async function add(context: Context, caller: Caller, ports: MonitorPorts): Promise<Response> {
  const request = VenueIncidentRequest.parse(await readBodyLeniently(context.req.raw));
  const key = `${caller.subject}/${lenientKey(context.req.raw, ports.randomId)}/${digestOf(said(request))}`;
  const mic = context.req.param('mic') ?? '';
  return context.json(await addIncidents({ mic, actor: caller.subject, key, request }, ports), 202);
}

/** A reused key with another body is another command, never a refusal: the body is part of the key. */
const said = ({ strategy, ticket, reason, ordersPerSec }: VenueIncidentRequest) => ({
  strategy: String(strategy),
  reason: cleanReason(reason),
  ticket: ticket ?? null,
  ordersPerSec: ordersPerSec ?? null,
});

async function close(context: Context, caller: Caller, ports: MonitorPorts): Promise<Response> {
  const key = commandKey(context.req.raw, caller);
  const request = await readBody(context.req.raw, ClosureRequest);
  const closed = await closeByHand({ id: context.req.param('id') ?? '', actor: caller.subject, key, request }, ports);
  return context.json(closed, 200);
}
