import * as z from 'zod';
import { Role } from '../approval/approval.ts';

const Words = z
  .string()
  .max(2_000, 'a statement has at most 2,000 characters')
  .transform((text) => text.replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ').trim())
  .pipe(z.string().min(1, 'a statement says something'));

/** What a person wants to state about the runbook. `role`: in which of their roles, where they have several. */
export const RunbookStatementRequest = z.strictObject({ statement: Words, role: Role.optional() });
export type RunbookStatementRequest = z.infer<typeof RunbookStatementRequest>;

/** The same about one item of a run, e.g. `7.2`. */
export const ItemStatementRequest = RunbookStatementRequest.extend({ item: z.string().min(1).max(20) });
export type ItemStatementRequest = z.infer<typeof ItemStatementRequest>;
