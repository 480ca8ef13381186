import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { signedHeaders, signRequest } from '../../domain/crypto/sign-request.ts';
import { ActorId } from '../../domain/ids.ts';
import { DeviceKey } from '../../domain/signature/credential.ts';
import { START } from './world.ts';

export const DEVICE_KILLS = 'http://localhost/v1/device-kills';

/** What a test may do otherwise than a device would. */
export type Otherwise = {
  readonly at?: Date;
  readonly nonce?: string;
  readonly targetUri?: string;
  readonly keyid?: `device:${string}`;
};

/** A device with its key: signs what it is given, as the command line and the firmware of a button do. */
export function device(name: string, over: Partial<DeviceKey> = {}) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const id = `device:${name}` as const;
  const key: DeviceKey = DeviceKey.parse({
    type: 'device-key',
    id,
    subject: ActorId.parse('sub-trader'),
    roles: ['execution-trader'],
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    status: 'active',
    enrolledBy: 'sub-trader',
    enrolledAt: START.toISOString(),
    approvedBy: 'sub-risk',
    label: name,
    ...over,
  });
  const signed = (text: string, { at = START, nonce = randomUUID(), targetUri, keyid = id }: Otherwise = {}) =>
    signRequest(
      { method: 'POST', targetUri: targetUri ?? DEVICE_KILLS, body: new TextEncoder().encode(text) },
      { keyid, sign: async (data) => new Uint8Array(sign(null, data, privateKey)) },
      { now: at, nonce },
    );
  /** What it sent to an engine itself, as its record of that keeps it. */
  const sent = (targetUri: string, text: string) =>
    signedHeaders(
      { method: 'POST', targetUri, body: new TextEncoder().encode(text) },
      { keyid: id, sign: async (data) => new Uint8Array(sign(null, data, privateKey)) },
      { now: START, nonce: randomUUID() },
    );
  const signText = (text: string) => sign(null, Buffer.from(text), privateKey).toString('base64');
  return { id, key, signed, sent, signText };
}
