import type { Hono } from 'hono';
import { readGates } from '../../domain/launch/read-gates.ts';
import { handle, READING } from '../control-api.ts';
import type { LaunchPorts } from '../launch-app.ts';

/** Runbook 1 and 2, Go/No-Go: what every gate of a run found, and the decision with its evidence. */
export function gateRoutes(app: Hono, ports: LaunchPorts): void {
  app.get('/v1/runs/:id/gates', (context) =>
    handle(context, ports, READING, async () => context.json(await readGates(context.req.param('id'), ports), 200)),
  );
}
