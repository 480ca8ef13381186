import * as z from 'zod';
import { ApprovalId, Digest } from '../ids.ts';
import { digestOf } from '../ledger/digest.ts';

const MOST_ITEMS = 20;

const BatchItem = z.strictObject({ approval: ApprovalId, digest: Digest });
export type BatchItem = z.infer<typeof BatchItem>;

const isSorted = (items: readonly BatchItem[]): boolean =>
  items.every(({ approval }, index) => index === 0 || String(items[index - 1]?.approval) < approval);

/**
 * Several questions that one person was shown together and signs with one signature, each by the digest of its own document, so that
 * plan, run, epoch, nonce and expiry of each stay bound. In the order of their ids, none twice, so that they have one digest.
 */
export const SigningBatch = z.strictObject({
  items: z.array(BatchItem).min(2).max(MOST_ITEMS).refine(isSorted, 'sorted by approval, and none of them twice'),
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
  expiresAt: z.iso.datetime({ precision: 3 }),
});
export type SigningBatch = z.infer<typeof SigningBatch>;

/** The nonce of a batch follows from its items and its expiry: nobody chooses it, and each item's document has one of its own that no other has. */
export const batchNonce = ({ items, expiresAt }: Omit<SigningBatch, 'nonce'>): string =>
  digestOf({ items, expiresAt }).slice('sha256:'.length).slice(0, 32);

/** Digest of what is signed for all of them: its bytes are the challenge. */
export const batchDigest = ({ items, nonce, expiresAt }: SigningBatch): Digest =>
  digestOf({ action: 'approve several', items, nonce, expiresAt });

/** Whether it holds this very document as the one of this approval. */
export const holdsItem = ({ items }: SigningBatch, approval: unknown, digest: unknown): boolean =>
  items.some((item) => item.approval === approval && item.digest === digest);
