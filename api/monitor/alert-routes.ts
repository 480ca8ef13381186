import type { Hono } from 'hono';
import { AlertsQuery, listAlerts } from '../../domain/alert/list-alerts.ts';
import { handle, READING } from '../control-api.ts';
import type { MonitorPorts } from '../monitor-app.ts';
import { readQuery } from '../read-query.ts';

/** Alerts (runbook 3): which stand, and which are over. */
export function alertRoutes(app: Hono, ports: MonitorPorts): void {
  app.get('/v1/alerts', (context) =>
    handle(context, ports, READING, async () => {
      const query = readQuery(context.req.queries(), AlertsQuery, 'alerts');
      return context.json({ alerts: await listAlerts(query, ports) }, 200);
    }),
  );
}
