import type { Context, Hono } from 'hono';
import type { Role } from '../../domain/approval/approval.ts';
import type { Caller } from '../../domain/approval/caller.ts';
import { DataIncidentQuery, listDataIncidents } from '../../domain/data-incident/list-data-incidents.ts';
import { NoteRequest, noteDataIncident, readDataIncident } from '../../domain/data-incident/note-data-incident.ts';
import { commandKey, handle, READING } from '../control-api.ts';
import type { MonitorPorts } from '../monitor-app.ts';
import { operating } from '../operating.ts';
import { readBody } from '../read-body.ts';
import { readQuery } from '../read-query.ts';

const MAY_NOTE: readonly Role[] = ['execution-trader', 'risk-officer', 'quant', 'sre'];

/** JSON writes a line break with two bytes, and other marks with up to six. */
const MOST_BODY_BYTES = 6 * 2_000 + 1_024;

/** Data incidents (runbook 5.2.2, 5.2.3): which there are, what is exposed in one of them, and what people note. */
export function dataIncidentRoutes(app: Hono, ports: MonitorPorts): void {
  app.get('/v1/data-incidents', (context) =>
    handle(context, ports, READING, async () => {
      const query = readQuery(context.req.queries(), DataIncidentQuery, 'data incidents');
      return context.json({ incidents: await listDataIncidents(query, ports) }, 200);
    }),
  );
  app.get('/v1/data-incidents/:id', (context) =>
    handle(context, ports, READING, async () =>
      context.json(await readDataIncident(context.req.param('id'), ports), 200),
    ),
  );
  app.post('/v1/data-incidents/:id/notes', (context) =>
    handle(context, ports, operating(MAY_NOTE, 'a note on a data incident'), (caller) => note(context, caller, ports)),
  );
}

async function note(context: Context, caller: Caller, ports: MonitorPorts): Promise<Response> {
  const key = commandKey(context.req.raw, caller);
  const request = await readBody(context.req.raw, NoteRequest, MOST_BODY_BYTES);
  const incident = context.req.param('id') ?? '';
  const { reply, receipt } = await noteDataIncident({ incident, actor: caller.subject, request, key }, ports);
  return context.json({ ...reply, receipt }, 200);
}
