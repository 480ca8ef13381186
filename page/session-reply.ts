import * as z from 'zod/mini';

z.config({ jitless: true }); // the page's policy forbids making programs out of text, and so it is not even tried

const PublicKey = z.literal('public-key');
const CredentialIds = z.array(z.object({ id: z.string(), type: PublicKey }));
const Required = z.literal('required');

const Signature = z.object({ actor: z.string(), role: z.string(), decision: z.string(), at: z.string() });

/** The question as the control plane shows it. */
export const Asked = z.object({
  kind: z.string(),
  strategyId: z.string(),
  runId: z.string(),
  document: z.record(z.string(), z.unknown()),
  digest: z.string(),
  missingRoles: z.array(z.string()),
  signatures: z.array(Signature),
  status: z.string(),
  expiresAt: z.string(),
  /** What has changed of what it binds, so that nobody signs it any more. */
  changed: z.optional(z.array(z.object({ path: z.string(), approved: z.string(), now: z.string() }))),
});
export type Asked = z.infer<typeof Asked>;

const Here = { session: z.string(), origin: z.string(), expiresAt: z.string() };

/** A session that signs one document. That the person is verified is asked for here as well, whatever the server says. */
export const SigningReply = z.object({
  kind: z.literal('sign'),
  ...Here,
  subject: z.string(),
  roles: z.array(z.string()),
  approval: Asked,
  options: z.object({
    challenge: z.string(),
    rpId: z.string(),
    allowCredentials: CredentialIds,
    userVerification: Required,
    timeout: z.number(),
  }),
});
export type SigningReply = z.infer<typeof SigningReply>;

/** A session that enrols one authenticator. */
export const EnrolmentReply = z.object({
  kind: z.literal('enrol'),
  ...Here,
  options: z.object({
    challenge: z.string(),
    rp: z.object({ id: z.string(), name: z.string() }),
    user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
    pubKeyCredParams: z.array(z.object({ type: PublicKey, alg: z.number() })),
    excludeCredentials: CredentialIds,
    authenticatorSelection: z.object({ userVerification: Required, residentKey: z.literal('preferred') }),
    attestation: z.literal('none'),
    timeout: z.number(),
  }),
});
export type EnrolmentReply = z.infer<typeof EnrolmentReply>;

export const SessionReply = z.discriminatedUnion('kind', [SigningReply, EnrolmentReply]);

const Receipt = z.object({ log: z.string(), index: z.number() });

/** What came of an answer. */
export const SignedReply = z.object({ approval: Asked, receipt: Receipt });
export type SignedReply = z.infer<typeof SignedReply>;

/** What came of an enrolment. */
export const EnrolledReply = z.object({
  credential: z.object({ id: z.string(), label: z.string() }),
  receipt: Receipt,
});
export type EnrolledReply = z.infer<typeof EnrolledReply>;

/** RFC 9457 problem details with our code and what to do next. */
export const Problem = z.object({ code: z.string(), detail: z.string(), next: z.optional(z.string()) });
export type Problem = z.infer<typeof Problem>;
