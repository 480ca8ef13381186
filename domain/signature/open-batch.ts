import type { ApprovalId, Digest } from '../ids.ts';
import { Refusal } from '../refusal.ts';
import { batchNonce, holdsItem, SigningBatch } from './signing-batch.ts';
import { SESSION_MS } from './signing-session.ts';

/** A question, by its id and the digest of its document. */
type Asked = { readonly id: ApprovalId; readonly digest: Digest };

/** Several questions as they are signed together, within five minutes. Throws where they are fewer than 2, more than 20, or one of them twice. */
export function openBatch(questions: readonly Asked[], now: Date): SigningBatch {
  const items = questions
    .map(({ id, digest }) => ({ approval: id, digest }))
    .toSorted((one, other) => (one.approval < other.approval ? -1 : 1));
  const expiresAt = new Date(now.getTime() + SESSION_MS).toISOString();
  return SigningBatch.parse({ items, expiresAt, nonce: batchNonce({ items, expiresAt }) });
}

/** The place of a document among those that are signed with it: in which batch, as the document of which approval. */
export type Within = { readonly batch: SigningBatch; readonly approval: ApprovalId; readonly now: Date };

/**
 * Refuses a batch that is over, one that was made to last longer than five minutes, one with a nonce that somebody chose, and one that
 * does not hold this document as that of this approval.
 */
export function refuseBatch({ batch, approval, now }: Within, digest: Digest): Refusal | undefined {
  const { nonce: actual, expiresAt } = batch;
  const leftMs = Date.parse(expiresAt) - now.getTime();
  if (leftMs <= 0)
    return new Refusal('ApprovalExpired', `what was signed together was good until ${expiresAt}`, AGAIN, { expiresAt });
  if (leftMs > SESSION_MS)
    return new Refusal('WrongChallenge', 'what is signed together is good for five minutes', AGAIN, { expiresAt });
  const expected = batchNonce(batch);
  if (actual !== expected)
    return new Refusal('WrongChallenge', 'the nonce is not that of these items', AGAIN, { expected, actual });
  if (holdsItem(batch, approval, digest)) return undefined;
  return new Refusal('WrongChallenge', `${approval} is not among what was signed together`, AGAIN, { approval });
}

const AGAIN = 'ask for the signing options again, read the documents and sign them';
