import type { Hono } from 'hono';
import { checklistPage } from '../../domain/checklist/checklist-page.ts';
import { readChecklist } from '../../domain/checklist/read-checklist.ts';
import { Refusal } from '../../domain/refusal.ts';
import { handle, READING } from '../control-api.ts';
import type { ReviewPorts } from '../review-app.ts';

const FORMATS = ['json', 'markdown'];

/** The checklist of a run (runbook 8), computed from its evidence whenever it is asked for. */
export function checklistRoutes(app: Hono, ports: ReviewPorts): void {
  app.get('/v1/runs/:id/checklist', (context) =>
    handle(context, ports, READING, async () => {
      const format = formatOf(context.req.query('format'));
      const checklist = await readChecklist(context.req.param('id'), ports);
      if (format !== 'markdown') return context.json(checklist, 200);
      return context.body(checklistPage(checklist), 200, { 'content-type': 'text/markdown; charset=utf-8' });
    }),
  );
}

function formatOf(asked = 'json'): string {
  if (FORMATS.includes(asked)) return asked;
  throw new Refusal('InvalidRequest', `there is no format ${asked.slice(0, 40)}`, `ask for ${FORMATS.join(' or ')}`);
}
