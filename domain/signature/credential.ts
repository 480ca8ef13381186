import * as z from 'zod';
import { Role } from '../approval/approval.ts';
import { ActorId, Digest } from '../ids.ts';
import { AuthenticatorKind, CoseKey, CredentialId } from './authenticator.ts';

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
  /** Raised by each write, so that none undoes another: a signature never lifts a revocation. Absent counts as 1. */
  version: z.int().min(1).optional(),
};

/** A person's WebAuthn authenticator: the only thing that signs a document for a person (product decision 14). */
export const Passkey = z.object({
  type: z.literal('webauthn'),
  id: CredentialId,
  subject: ActorId,
  publicKey: CoseKey,
  /** The signature counter last seen; 0 for authenticators that keep none. */
  counter: z.int().min(0),
  /** Of which documents signed together the one signature was that set this counter: the others of them come with the same. */
  counterOf: Digest.optional(),
  /** `demo`: in software, owned by a demo user of one machine; refused on AWS. */
  authenticator: AuthenticatorKind,
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
