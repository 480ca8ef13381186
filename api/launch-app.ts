import { Hono } from 'hono';
import type { Ports } from '../domain/ports/ports.ts';
import type { RequestPorts } from './control-api.ts';
import { launchRoutes } from './launch/launch-routes.ts';
import { notFound, problem } from './problem.ts';

/** What preparing a launch takes: nearly everything may be looked at, and no flag is written. */
export type LaunchPorts = RequestPorts & Omit<Ports, 'issuerKeys' | 'refusals'>;

/** Everything that comes before trading: plans and launches, and what they stand on. */
export function launchApp(ports: LaunchPorts): Hono {
  const app = new Hono();
  launchRoutes(app, ports);
  app.notFound((context) => problem(notFound(context.req.path)));
  return app;
}
