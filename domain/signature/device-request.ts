import type { Caller } from '../approval/caller.ts';
import { verifiesEd25519 } from '../crypto/ed25519.ts';
import { ActorId } from '../ids.ts';
import { digestOfBytes } from '../ledger/digest.ts';
import { Refusal } from '../refusal.ts';
import type { DeviceKey } from './credential.ts';
import { type DeviceProof, MOST_BODY_BYTES } from './device-proof.ts';

/** How far the clock of a device may be off, in either direction: one that is off by ten minutes still kills. */
export const DEVICE_CLOCK_MS = 15 * 60_000;

/** A request as its signature describes it (RFC 9421). Nothing of it is proved yet. */
export type SignedRequest = {
  readonly keyid: string;
  /** Seconds since 1970, by the clock of the device. */
  readonly created: number;
  readonly nonce: string;
  /** What may have been signed: a signature base for each address that the request may have been sent to. */
  readonly bases: readonly string[];
  readonly signature: Uint8Array;
  readonly body: Uint8Array;
};

/** Whether this key made that signature; then what the ledger keeps of it. Refuses with DeviceSignatureInvalid. */
export function proveDeviceRequest(signed: SignedRequest, { id, publicKey }: DeviceKey): DeviceProof | Refusal {
  const base = signed.bases.find((each) => verifiesEd25519(publicKey, Buffer.from(each), signed.signature));
  if (base === undefined) return forged(`it is not one by the key of ${id} over this request`, id);
  const { created, nonce, body } = signed;
  return {
    ...{ method: 'device-key', keyid: id, publicKey, base, created, nonce },
    signature: Buffer.from(signed.signature).toString('base64'),
    digest: digestOfBytes(body),
    ...(body.length <= MOST_BODY_BYTES && { body: Buffer.from(body).toString('base64') }),
  };
}

/** A signature that is none of ours, and why. */
export const forged = (why: string, device = 'unknown'): Refusal =>
  new Refusal(
    'DeviceSignatureInvalid',
    `the signature is not acceptable: ${why}`,
    'sign as docs/device-kill.md says; there is a worked example to compare with',
    { device },
  );

/** There is no device of that name. */
export const unknownDevice = (id: string): Refusal =>
  new Refusal('UnknownDevice', `there is no device ${id.slice(0, 60)}`, 'look at: tradepulse-cli device ls', {
    device: id.slice(0, 60),
  });

/** Whether a device that has signed may kill at this moment. Refuses with DeviceRevoked, DeviceNotApproved or DeviceSignatureLate. */
export function refuseDevice(
  { id, status, revokedAt }: DeviceKey,
  { created }: Pick<SignedRequest, 'created'>,
  now: Date,
): Refusal | undefined {
  const facts = { device: id };
  const otherwise = 'kill with a login, or with another device';
  if (status === 'revoked')
    return new Refusal('DeviceRevoked', `the key of ${id} was revoked at ${revokedAt}`, otherwise, facts);
  if (status === 'proposed')
    return new Refusal(
      'DeviceNotApproved',
      `nobody has approved the key of ${id} yet`,
      `${otherwise}; another person approves it: tradepulse-cli device approve`,
      facts,
    );
  const offMs = now.getTime() - created * 1000;
  if (Math.abs(offMs) <= DEVICE_CLOCK_MS) return undefined;
  return new Refusal(
    'DeviceSignatureLate',
    `it was signed ${Math.round(Math.abs(offMs) / 1000)} s ${offMs > 0 ? 'ago' : 'from now'}, by the clock of ${id}`,
    `sign it afresh; the clock of the device may be off by ${DEVICE_CLOCK_MS / 60_000} minutes, not more`,
    { ...facts, created: new Date(created * 1000).toISOString(), now: now.toISOString() },
  );
}

/** Who acts with a device: its owner, with the roles of when it was enrolled, or the device itself where nobody owns it. */
export const deviceCaller = ({ id, subject, roles }: DeviceKey): Caller => ({
  subject: subject ?? ActorId.parse(id),
  roles: subject === undefined ? [] : roles,
  scopes: ['control-plane/kill'],
  amr: [],
});
