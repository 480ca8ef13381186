import * as z from 'zod';
import { EntryFilter } from '../domain/ledger/entry-filter.ts';

/** Where to begin, how many, which way, and which entries. What is not known is refused: a filter that is not heeded would show too much. */
export const LedgerQuery = EntryFilter.extend({
  from: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  order: z.enum(['asc', 'desc']).default('asc'),
});
export type LedgerQuery = z.infer<typeof LedgerQuery>;
