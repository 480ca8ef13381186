import * as z from 'zod';
import type { Role } from '../approval/approval.ts';
import type { Caller } from '../approval/caller.ts';
import { ed25519KeyIn } from '../crypto/ed25519.ts';
import type { NewEntry } from '../ledger/ledger-entry.ts';
import type { LogDecision } from '../ports/strategies.ts';
import { Refusal } from '../refusal.ts';
import type { DeviceKey } from './credential.ts';
import { unknownDevice } from './device-request.ts';

/** Who may own a device that kills: whoever may kill. */
export const MAY_OWN_DEVICES: readonly Role[] = ['execution-trader', 'risk-officer', 'quant', 'sre'];

/** `name` becomes the keyid `device:<name>`. A `button` hangs on a wall: it acts for itself and for nobody. */
export const DeviceProposal = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'a name is 1 to 40 of a-z, 0-9 and -, starting with a letter'),
  /** Ed25519, SubjectPublicKeyInfo in base64. */
  publicKey: z
    .string()
    .max(128)
    .refine((text) => ed25519KeyIn(Buffer.from(text, 'base64')) !== undefined, 'an Ed25519 key as base64 DER SPKI'),
  button: z.boolean().default(false),
  label: z.string().min(1).max(64).optional(),
});
export type DeviceProposal = z.infer<typeof DeviceProposal>;

export const deviceId = (name: string): string => `device:${name}`;

type Act = { readonly caller: Caller; readonly now: Date };
type Decided = LogDecision<DeviceKey> | Refusal;

/** Enrols a key: it kills nothing before another person has approved it. Refuses a name that is taken (DeviceNameTaken), but for the very same proposal. */
export function enrolDevice(
  known: DeviceKey | undefined,
  { name, publicKey, button, label = name }: DeviceProposal,
  { caller, now }: Act,
): Decided {
  const device: DeviceKey = {
    type: 'device-key',
    id: deviceId(name),
    ...(!button && { subject: caller.subject }),
    roles: button ? [] : caller.roles,
    publicKey,
    status: 'proposed',
    enrolledBy: caller.subject,
    enrolledAt: now.toISOString(),
    label,
    version: 1,
  };
  if (!known) return recorded('enrolled', device, caller);
  if (known.enrolledBy === caller.subject && known.publicKey === publicKey) return { entries: [], reply: known };
  return new Refusal('DeviceNameTaken', `there is a device ${device.id} already`, 'choose another name', {
    device: device.id,
    status: known.status,
  });
}

/** Another person than the one who enrolled it, and than its owner, says that the key is what it is said to be. Refuses UnknownDevice, DeviceRevoked and SamePerson. */
export function approveDevice(known: DeviceKey | undefined, name: string, { caller }: Pick<Act, 'caller'>): Decided {
  if (!known) return unknownDevice(deviceId(name));
  if (known.status === 'active') return { entries: [], reply: known };
  if (known.status === 'revoked')
    return new Refusal('DeviceRevoked', `${known.id} was revoked at ${known.revokedAt}`, 'enrol a new key', {
      device: known.id,
    });
  if (known.enrolledBy === caller.subject)
    return new Refusal('SamePerson', `you have enrolled ${known.id} yourself`, 'ask another person to approve it', {
      device: known.id,
    });
  return recorded('approved', { ...known, status: 'active', approvedBy: caller.subject, version: next(known) }, caller);
}

/** Takes the key out of use for good. Revoking it again changes nothing. Refuses UnknownDevice. */
export function revokeDevice(known: DeviceKey | undefined, name: string, { caller, now }: Act): Decided {
  if (!known) return unknownDevice(deviceId(name));
  if (known.status === 'revoked') return { entries: [], reply: known };
  const revoked: DeviceKey = {
    ...known,
    status: 'revoked',
    revokedBy: caller.subject,
    revokedAt: now.toISOString(),
    version: next(known),
  };
  return recorded('revoked', revoked, caller);
}

/** The record, and the entry in the log `desk` that says all of it. */
const recorded = (what: Change, device: DeviceKey, { subject }: Caller): Decided => ({
  entries: [deviceEntry(what, device, { subject })],
  records: [{ kind: 'CREDENTIAL', record: device }],
  reply: device,
});

type Change = 'enrolled' | 'approved' | 'revoked';

/** What became of a key, for the log `desk`. */
export const deviceEntry = (what: Change, device: DeviceKey, { subject: actor }: Pick<Caller, 'subject'>): NewEntry => {
  const { id, type, publicKey, roles, label, status, subject: owner } = device;
  const payload = { id, type, publicKey, roles, label, status, ...(owner !== undefined && { owner }) };
  return { type: `credential.${what}`, actor, payload };
};

/** The next version: a record is written only over the one that was read. */
const next = ({ version = 1 }: DeviceKey): number => version + 1;
