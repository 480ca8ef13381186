import { Hono } from 'hono';
import type { Ports } from '../domain/ports/ports.ts';
import type { RequestPorts } from './control-api.ts';
import { notFound, problem } from './problem.ts';
import { archiveRoutes } from './review/archive-routes.ts';
import { attestationRoutes } from './review/attestation-routes.ts';
import { checklistRoutes } from './review/checklist-routes.ts';
import { reviewRoutes } from './review/review-routes.ts';

/** What looking back takes: records, ledgers and evidence, and nothing that starts, commands or enables. */
export type ReviewPorts = RequestPorts &
  Pick<Ports, 'strategies' | 'records' | 'ledger' | 'evidence' | 'demoAuthenticators' | 'jitter'>;

/** Everything after a run: its archive, its review, its checklist, and what people attest. */
export function reviewApp(ports: ReviewPorts): Hono {
  const app = new Hono();
  reviewRoutes(app, ports);
  archiveRoutes(app, ports);
  checklistRoutes(app, ports);
  attestationRoutes(app, ports);
  app.notFound((context) => problem(notFound(context.req.path)));
  return app;
}
