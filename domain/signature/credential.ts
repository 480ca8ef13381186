import * as z from 'zod';
import { Role } from '../approval/approval.ts';
import { ActorId } from '../ids.ts';

const Standing = {
  /** `proposed` signs nothing until another person has approved it; `revoked` never signs again. */
  status: z.enum(['proposed', 'active', 'revoked']),
  enrolledBy: ActorId,
  enrolledAt: z.iso.datetime(),
  approvedBy: ActorId.optional(),
  revokedBy: ActorId.optional(),
  revokedAt: z.iso.datetime().optional(),
  /** What its owner calls it, e.g. `office key`. */
  label: z.string().min(1).max(64),
};

/** A person's WebAuthn authenticator: the only thing that signs a document for a person (product decision 14). */
export const Passkey = z.object({
  type: z.literal('webauthn'),
  /** The credential id, base64url. */
  id: z.string().regex(/^[A-Za-z0-9_-]{16,1366}$/),
  subject: ActorId,
  /** COSE_Key, base64url. */
  publicKey: z.string().regex(/^[A-Za-z0-9_-]{32,2048}$/),
  /** The signature counter last seen; 0 for authenticators that keep none. */
  counter: z.int().min(0),
  /** `demo`: in software, owned by a demo user of one machine; refused on AWS. */
  authenticator: z.enum(['platform', 'cross-platform', 'demo']),
  aaguid: z.string().max(64),
  ...Standing,
});
export type Passkey = z.infer<typeof Passkey>;

/** An Ed25519 key of a machine or a button: weaker than a person's authenticator, since nobody is proved to be there. It may kill and nothing else. */
export const DeviceKey = z.object({
  type: z.literal('device-key'),
  /** `device:<name>`: the keyid of its signatures (RFC 9421). */
  id: z.string().regex(/^device:[a-z][a-z0-9-]{0,39}$/),
  /** The person who acts with it. A button on a wall has none: the device itself is the actor. */
  subject: ActorId.optional(),
  /** The person's roles when it was enrolled. */
  roles: z.array(Role),
  /** SubjectPublicKeyInfo, base64. */
  publicKey: z.string().min(1).max(128),
  ...Standing,
});
export type DeviceKey = z.infer<typeof DeviceKey>;

/** Whatever can sign, as the control table keeps it. */
export const Credential = z.discriminatedUnion('type', [Passkey, DeviceKey]);
export type Credential = z.infer<typeof Credential>;
