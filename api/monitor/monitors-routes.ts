import type { Hono } from 'hono';
import type { HealthPorts } from '../../domain/health/health-ports.ts';
import { readHealth } from '../../domain/health/read-health.ts';
import { listMonitors, type MonitorsPorts } from '../../domain/monitor/list-monitors.ts';
import { MonitorsQuery } from '../../domain/monitor/monitors-query.ts';
import { handle, READING, type RequestPorts } from '../control-api.ts';
import { readQuery } from '../read-query.ts';

export type MonitorsRoutePorts = RequestPorts & HealthPorts & MonitorsPorts;

/** What the monitors of strategies see (runbook 3), and how well the control plane itself is. */
export function monitorsRoutes(app: Hono, ports: MonitorsRoutePorts): void {
  app.get('/v1/monitors', (context) =>
    handle(context, ports, READING, async () => {
      const query = readQuery(context.req.queries(), MonitorsQuery, 'monitors');
      return context.json(await listMonitors(query, ports), 200);
    }),
  );
  app.get('/v1/health', (context) =>
    handle(context, ports, READING, async () => context.json(await readHealth(ports), 200)),
  );
}
