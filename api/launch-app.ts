import { Hono } from 'hono';
import type { PublishPorts } from '../domain/manifest/publish-manifest.ts';
import type { Plans } from '../domain/ports/plans.ts';
import type { Ports } from '../domain/ports/ports.ts';
import type { RequestPorts } from './control-api.ts';
import { gateRoutes } from './launch/gate-routes.ts';
import { launchRoutes } from './launch/launch-routes.ts';
import { manifestRoutes } from './launch/manifest-routes.ts';
import { resumeRoutes } from './launch/resume-routes.ts';
import { ticketRoutes } from './launch/ticket-routes.ts';
import { validationRoutes } from './launch/validation-routes.ts';
import { venueRoutes } from './launch/venue-routes.ts';
import { notFound, problem } from './problem.ts';

/** What preparing a launch takes: nearly everything may be looked at, and no flag is written. */
export type LaunchPorts = RequestPorts &
  Omit<Ports, 'issuerKeys' | 'refusals' | 'flags' | 'venues' | 'bus' | 'engines' | 'parseYaml' | 'readYaml'> &
  Pick<PublishPorts, 'manifests'> & { readonly plans: Pick<Plans, 'now'> };

/** Everything that comes before trading: plans and launches, and what they stand on. */
export function launchApp(ports: LaunchPorts): Hono {
  const app = new Hono();
  gateRoutes(app, ports);
  launchRoutes(app, ports);
  manifestRoutes(app, ports);
  resumeRoutes(app, ports);
  ticketRoutes(app, ports);
  validationRoutes(app, ports);
  venueRoutes(app, ports);
  app.notFound((context) => problem(notFound(context.req.path)));
  return app;
}
