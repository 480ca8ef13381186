import * as z from 'zod';
import { ActorId, RunId } from '../ids.ts';

/** The name of a log: a strategy id, `desk`, or `access` (refused attempts of authenticated callers). */
export const LogId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/)
  .brand<'LogId'>();
export type LogId = z.infer<typeof LogId>;

/** What a rule wants recorded. `seal` adds version, log, sequence and time. People are subject ids only. */
export const NewEntry = z.object({
  type: z.string().regex(/^[a-z][a-z-]*(\.[a-z][a-z-]*)+$/),
  actor: ActorId,
  run: RunId.optional(),
  ticket: z.string().max(64).optional(),
  execution: z.string().max(80).optional(),
  payload: z.record(z.string(), z.unknown()),
  proofs: z.array(z.record(z.string(), z.unknown())).optional(),
});
export type NewEntry = z.infer<typeof NewEntry>;

/** One entry as it is stored and hashed: RFC 8785 canonical JSON of exactly these members. */
export const LedgerEntry = NewEntry.extend({
  v: z.literal(1),
  log: LogId,
  seq: z.int().min(0),
  at: z.iso.datetime(),
  proofs: z.array(z.record(z.string(), z.unknown())),
});
export type LedgerEntry = z.infer<typeof LedgerEntry>;

/** Proof that an entry was taken: which log, at which index (from 0), with which RFC 6962 leaf hash. */
export const Receipt = z.object({ log: LogId, index: z.int().min(0), leafHash: z.string() });
export type Receipt = z.infer<typeof Receipt>;
