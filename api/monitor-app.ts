import { Hono } from 'hono';
import type { Ports } from '../domain/ports/ports.ts';
import type { RequestPorts } from './control-api.ts';
import { alertRoutes } from './monitor/alert-routes.ts';
import { dataIncidentRoutes } from './monitor/data-incident-routes.ts';
import { driftRoutes } from './monitor/drift-routes.ts';
import { liftRoutes } from './monitor/lift-routes.ts';
import { type MonitorsRoutePorts, monitorsRoutes } from './monitor/monitors-routes.ts';
import { venueIncidentRoutes } from './monitor/venue-incident-routes.ts';
import { notFound, problem } from './problem.ts';

/** What looking at monitors, reviewing drift, leading incidents and lifting restrictions takes. */
export type MonitorPorts = RequestPorts &
  MonitorsRoutePorts &
  Pick<
    Ports,
    | 'strategies'
    | 'records'
    | 'ledger'
    | 'evidence'
    | 'executions'
    | 'engines'
    | 'venues'
    | 'jitter'
    | 'demoAuthenticators'
  >;

/** Everything beside a strategy that trades: its monitors and alerts, drift reviews, incidents of data and venues, and lifts. */
export function monitorApp(ports: MonitorPorts): Hono {
  const app = new Hono();
  monitorsRoutes(app, ports);
  alertRoutes(app, ports);
  driftRoutes(app, ports);
  liftRoutes(app, ports);
  dataIncidentRoutes(app, ports);
  venueIncidentRoutes(app, ports);
  app.notFound((context) => problem(notFound(context.req.path)));
  return app;
}
