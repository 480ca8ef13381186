import type { Context, Hono } from 'hono';
import type { Role } from '../../domain/approval/approval.ts';
import type { Caller } from '../../domain/approval/caller.ts';
import { Refusal } from '../../domain/refusal.ts';
import { AnnotateRequest, MOST_ANNOTATION_BYTES } from '../../domain/review/annotate-request.ts';
import { annotateReview } from '../../domain/review/annotate-review.ts';
import { CloseRequest, closeReview, MAY_CLOSE } from '../../domain/review/close-review.ts';
import { IsoWeek, weekBefore } from '../../domain/review/iso-week.ts';
import { listReviews, ReviewQuery } from '../../domain/review/list-reviews.ts';
import { readDigest } from '../../domain/review/read-digest.ts';
import { viewReview } from '../../domain/review/view-review.ts';
import { commandKey, handle, READING } from '../control-api.ts';
import { operating } from '../operating.ts';
import { readBody } from '../read-body.ts';
import type { ReviewPorts } from '../review-app.ts';

const MAY_ANNOTATE: readonly Role[] = ['execution-trader', 'risk-officer', 'quant', 'sre'];

/** JSON writes a line break or a quotation mark with two bytes, and other marks with up to six. */
const MOST_BODY_BYTES = 6 * MOST_ANNOTATION_BYTES + 1_024;

/** Reviews of runs (runbook 7): what was found, what people say of it, and that they have looked at it. */
export function reviewRoutes(app: Hono, ports: ReviewPorts): void {
  app.get('/v1/reviews', (context) =>
    handle(context, ports, READING, async () => {
      const query = ReviewQuery.parse(context.req.query());
      return context.json({ reviews: await listReviews(query, ports) }, 200);
    }),
  );
  app.get('/v1/reviews/digest', (context) =>
    handle(context, ports, READING, async () => context.json(await readDigest(weekIn(context, ports), ports), 200)),
  );
  app.get('/v1/runs/:id/review', (context) =>
    handle(context, ports, READING, async () => context.json(await viewReview(runIn(context), ports), 200)),
  );
  app.post('/v1/runs/:id/review/annotations', (context) =>
    handle(context, ports, operating(MAY_ANNOTATE, 'an annotation'), (caller) => annotate(context, caller, ports)),
  );
  app.post('/v1/runs/:id/review/closures', (context) =>
    handle(context, ports, operating(MAY_CLOSE, 'closing a review'), (caller) => close(context, caller, ports)),
  );
}

function weekIn({ req }: Context, { now }: ReviewPorts): IsoWeek {
  const asked = req.query('week');
  if (asked === undefined) return weekBefore(now());
  const week = IsoWeek.safeParse(asked);
  if (week.success) return week.data;
  throw new Refusal('InvalidRequest', `week: ${week.error.issues[0]?.message}`, 'give a week like 2026-W48');
}

const runIn = ({ req }: Context): string => req.param('id') ?? '';

async function annotate(context: Context, caller: Caller, ports: ReviewPorts): Promise<Response> {
  const key = commandKey(context.req.raw, caller);
  const request = await readBody(context.req.raw, AnnotateRequest, MOST_BODY_BYTES);
  const { reply, receipt } = await annotateReview({ caller, id: runIn(context), key, request }, ports);
  return context.json({ ...reply, receipt }, 200);
}

async function close(context: Context, caller: Caller, ports: ReviewPorts): Promise<Response> {
  const key = commandKey(context.req.raw, caller);
  const request = await readBody(context.req.raw, CloseRequest);
  const { reply, receipt } = await closeReview({ caller, id: runIn(context), key, request }, ports);
  return context.json({ ...reply, receipt }, 200);
}
