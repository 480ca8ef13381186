import * as z from 'zod';
import { type Digest, RunId } from '../../ids.ts';

/**
 * One second factor or signature that the runbook requires: `verified` from the stored bytes, `missing`, `failed`, or `gone` where what was
 * signed is not stored any more and could not be judged again.
 */
export const SignatureCheck = z.object({
  /** The item of the runbook that requires it. */
  item: z.string(),
  /** What is required, and of whom. */
  requirement: z.string(),
  verdict: z.enum(['verified', 'missing', 'failed', 'gone']),
  by: z.string().optional(),
  /** Index of the entry that holds the signature, in the log of the strategy. */
  entry: z.int().optional(),
  why: z.string().optional(),
});
export type SignatureCheck = z.infer<typeof SignatureCheck>;

/** The automatic audit of one run (runbook 7.4), and which part of the log it has read. */
export const AuditReport = z.object({
  v: z.literal(1),
  run: RunId,
  log: z.string(),
  from: z.int(),
  to: z.int(),
  /** Entries that are not what was written, by their index. */
  altered: z.array(z.object({ index: z.int(), what: z.string() })),
  checks: z.array(SignatureCheck),
});
export type AuditReport = z.infer<typeof AuditReport>;

/** An archived report with the digest of its file. */
export type FiledAudit = { readonly report: AuditReport; readonly hash: Digest };

/** How many were looked at, and how many of them hold. */
export const countsOf = ({ checks, altered }: AuditReport) => {
  const verified = checks.filter(({ verdict }) => verdict === 'verified').length;
  return { checked: checks.length, verified, failed: checks.length - verified + altered.length };
};
