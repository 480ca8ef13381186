import * as z from 'zod';
import { ApprovalId, Digest } from '../domain/ids.ts';
import { LaunchRequest } from '../domain/launch/request-launch.ts';
import { ExpectedPlan } from '../domain/plan/expected-plan.ts';
import { Assertion } from '../domain/signature/assertion.ts';
import { Registration } from '../domain/signature/registration-response.ts';
import { SigningBatch } from '../domain/signature/signing-batch.ts';
import { SigningSession } from '../domain/signature/signing-session.ts';

/** The body of a signature: the decision, over exactly the digest that was shown; to approve, with what an authenticator made of it. */
export const SignatureRequest = z.strictObject({
  decision: z.enum(['approve', 'decline']),
  digest: Digest,
  reason: z.string().max(500).optional(),
  assertion: Assertion.optional(),
});
export type SignatureRequest = z.infer<typeof SignatureRequest>;

/** The questions that somebody wants to sign with one signature. */
export const SeveralOptionsRequest = z.strictObject({
  approvals: z
    .array(ApprovalId)
    .min(2)
    .max(20)
    .refine((ids) => new Set(ids).size === ids.length, 'none of them twice'),
});

/** One signature over several questions: what was signed, as the options gave it, and what an authenticator made of it. */
export const SeveralSignaturesRequest = SigningBatch.extend({
  assertion: Assertion,
  reason: SignatureRequest.shape.reason,
});

/** A launch, and the plan that whoever asks for it has seen. */
export const LaunchBody = LaunchRequest.extend(ExpectedPlan.shape);

const Label = z.string().trim().min(1).max(64);

/** What an enrolment gives: the answer of the new authenticator to the challenge of a session. */
export const CredentialRequest = z.strictObject({
  session: SigningSession.shape.id,
  response: Registration,
  label: Label,
});
export type CredentialRequest = z.infer<typeof CredentialRequest>;

/** The same from a page that has the session itself. */
export const PageCredentialRequest = CredentialRequest.omit({ session: true });

/** Approving an authenticator: with a signature where its owner does it. */
export const CredentialApproval = z.strictObject({ assertion: Assertion.optional() });
