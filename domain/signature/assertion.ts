import * as z from 'zod';

/** Bytes as WebAuthn's JSON has them: base64url without padding, and only in the one form that decodes to them. */
export const Base64Url = z
  .string()
  .max(4096)
  .refine(
    (text) => text !== '' && Buffer.from(text, 'base64url').toString('base64url') === text,
    'this is no base64url without padding',
  );

/** What an authenticator gave for a challenge: a browser's `AuthenticationResponseJSON` (W3C WebAuthn section 5.1). */
export const Assertion = z.object({
  id: Base64Url,
  rawId: Base64Url,
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: Base64Url,
    authenticatorData: Base64Url,
    signature: Base64Url,
    userHandle: z.string().max(256).nullish(),
  }),
  authenticatorAttachment: z.string().max(32).nullish(),
  clientExtensionResults: z.record(z.string(), z.unknown()).default({}),
});
export type Assertion = z.infer<typeof Assertion>;

const ClientData = z.looseObject({ type: z.string(), challenge: z.string(), origin: z.string() });

/** What an authenticator says of itself and of the page it was asked by. `rpIdHash` in hex; `counter` is 0 where it keeps none. */
export type Said = {
  readonly type: string;
  readonly challenge: string;
  readonly origin: string;
  readonly crossOrigin: boolean;
  readonly rpIdHash: string;
  readonly userPresent: boolean;
  readonly userVerified: boolean;
  readonly counter: number;
};

const LEAST_BYTES = 37;

/** Reads client data (JSON) and authenticator data, both base64url; nothing when either is not in its form. Never throws. */
export function saidIn(clientDataJSON: string, authenticatorData: string): Said | undefined {
  const client = clientDataIn(clientDataJSON);
  const data = Buffer.from(authenticatorData, 'base64url');
  if (!client || data.length < LEAST_BYTES) return undefined;
  const flags = data.readUInt8(32);
  return {
    type: client.type,
    challenge: client.challenge,
    origin: client.origin,
    crossOrigin: client['crossOrigin'] === true || client['topOrigin'] !== undefined,
    rpIdHash: data.subarray(0, 32).toString('hex'),
    userPresent: (flags & 0x01) !== 0,
    userVerified: (flags & 0x04) !== 0,
    counter: data.readUInt32BE(33),
  };
}

/** The client data of a ceremony; nothing when it is not in its form. */
export function clientDataIn(text: string): z.infer<typeof ClientData> | undefined {
  try {
    return ClientData.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))).data;
  } catch {
    return undefined; // no JSON
  }
}

/** The challenge that stands for a document: the 32 bytes of its digest, base64url. */
export const challengeOf = (digest: string): string =>
  Buffer.from(digest.replace('sha256:', ''), 'hex').toString('base64url');
