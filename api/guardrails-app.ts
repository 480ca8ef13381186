import { Hono } from 'hono';
import type { FreezePorts } from '../domain/freeze/covering-freezes.ts';
import type { LiftPorts } from '../domain/freeze/lift-freeze.ts';
import type { LimitsPorts } from '../domain/limits/limits-request.ts';
import type { ViewPorts } from '../domain/limits/view-limits.ts';
import type { OverridePorts } from '../domain/override/standing-overrides.ts';
import type { RequestPorts } from './control-api.ts';
import { freezeRoutes } from './guardrails/freeze-routes.ts';
import { limitsRoutes } from './guardrails/limits-routes.ts';
import { overrideRoutes } from './guardrails/override-routes.ts';
import { notFound, problem } from './problem.ts';

/** What guardrails take: the limits file, what engines say that they enforce, and nothing that starts or commands anything. */
export type GuardrailPorts = RequestPorts & LimitsPorts & ViewPorts & FreezePorts & LiftPorts & OverridePorts;

/** What holds launches within bounds: risk limits, freezes, and overrides of soft no-goes. */
export function guardrailsApp(ports: GuardrailPorts): Hono {
  const app = new Hono();
  limitsRoutes(app, ports);
  freezeRoutes(app, ports);
  overrideRoutes(app, ports);
  app.notFound((context) => problem(notFound(context.req.path)));
  return app;
}
