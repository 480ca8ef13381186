import * as z from 'zod';
import { Receipt, time } from './replies.ts';

/** Replies about what comes after a run (archives, reviews, statements of people), as far as the commands read them. */
const ListedArchive = z.looseObject({
  id: z.string(),
  strategyId: z.string(),
  startedAt: time,
  ticket: z.string().nullish(),
  first: z.string(),
  parts: z.number(),
  files: z.number(),
  missing: z.number(),
});
export const Archives = z.looseObject({ archives: z.array(ListedArchive) });
/** What the ledger says of one manifest of an archive. */
export const ArchivedEntry = z.looseObject({
  payload: z.looseObject({ part: z.number(), manifest: z.looseObject({ hash: z.string() }) }),
});

const Review = z.looseObject({
  id: z.string(),
  strategyId: z.string(),
  status: z.enum(['open', 'closed']),
  overdue: z.boolean(),
  findingCount: z.number().optional(),
  openedAt: time,
  dueAt: time,
  closedBy: z.string().optional(),
});
export const Reviews = z.looseObject({ reviews: z.array(Review) });
export const ReviewView = Review.extend({ page: z.string() });
export const Annotated = z.looseObject({ number: z.number(), file: z.string(), summary: z.string() });
export const ReviewClosed = z.looseObject({ closedBy: z.string(), summary: z.string() });
export const ReviewDigest = z.looseObject({ week: z.string(), page: z.string() });

const StatementView = z.looseObject({
  item: z.string(),
  run: z.string().nullish(),
  role: z.string(),
  statement: z.string(),
  status: z.string(),
  signedAt: time.nullish(),
});
/** The attestation of the runbook, and statements of people about items of runs. */
export const Attestations = z.looseObject({
  runbook: z.looseObject({
    text: z.string().nullable(),
    trace: z.string().nullable(),
    status: z.string(),
    reasons: z.array(z.looseObject({ code: z.string(), says: z.string(), until: time })),
    attested: StatementView.nullable(),
  }),
  attestations: z.array(StatementView),
});
export const StatementPut = z.looseObject({ approval: z.string(), summary: z.string(), receipt: Receipt.nullish() });
