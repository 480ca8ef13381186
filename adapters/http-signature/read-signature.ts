import { verifyMessage } from 'http-message-signatures/lib/httpbis/index.js'; // not the whole: it brings another standard along
import * as z from 'zod';
import { sha256 } from '../../domain/crypto/sha256.ts';
import { forged, type SignedRequest } from '../../domain/signature/device-request.ts';

export type ReceivedRequest = {
  readonly method: string;
  /** Every address under which this request may have reached us: a gateway does not say which of them was typed. */
  readonly targetUris: readonly string[];
  readonly headers: Headers;
  readonly body: Uint8Array;
};

const COMPONENTS = ['@method', '@target-uri', 'content-digest'];
const ANY_TIME_S = 1e10; // `created` is judged by the domain, by the control plane's own clock

/** What the contract says of the parameters (docs/device-kill.md). */
const Parameters = z.object({
  keyid: z.string().regex(/^device:[a-z][a-z0-9-]{0,39}$/, 'is device:<name>'),
  created: z.date('is a number of seconds').transform((time) => time.getTime() / 1000),
  nonce: z.string().min(16, 'has at least 16 characters').max(200, 'has at most 200 characters'),
  alg: z.literal('ed25519', 'is ed25519').optional(),
  tag: z.literal('tradepulse-control', 'is tradepulse-control'),
});

type Found = { readonly parameters: z.infer<typeof Parameters>; readonly base: string; readonly signature: Uint8Array };

/**
 * Takes a signed request apart (RFC 9421, RFC 9530) without believing any of it. Refuses with DeviceSignatureInvalid: no or
 * more than one signature, other components or parameters than the contract's, and a body that is not the one of the digest.
 */
export async function readSignature({ method, targetUris, headers, body }: ReceivedRequest): Promise<SignedRequest> {
  requireDigest(headers, body);
  const found = await Promise.all(
    targetUris.map((url) => signatureOver({ method, url, headers: Object.fromEntries(headers) })),
  );
  const [first] = found;
  if (!first) throw forged('it is missing');
  const { parameters, signature } = first;
  const { keyid, created, nonce } = parameters;
  return { keyid, created, nonce, signature, body, bases: found.map(({ base }) => base) };
}

type Message = { method: string; url: string; headers: Record<string, string> };

/** The one signature of a message, with the text that it should be over. */
async function signatureOver(message: Message): Promise<Found> {
  const found: Found[] = [];
  try {
    await verifyMessage(
      {
        keyLookup: async (given) => ({
          id: 'taken apart, not verified',
          verify: async (data, signature) => {
            found.push({ parameters: Parameters.parse(given), base: data.toString(), signature });
            return true;
          },
        }),
        requiredFields: COMPONENTS,
        tolerance: ANY_TIME_S,
      },
      message,
    );
  } catch (error) {
    throw forged(reasonOf(error));
  }
  const [only, another] = found;
  if (!only) throw forged('it is missing');
  if (another) throw forged('there are several');
  return only;
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError)
    return error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ');
  return error instanceof Error ? error.message : 'unreadable';
}

function requireDigest(headers: Headers, body: Uint8Array): void {
  const expected = `sha-256=:${sha256(body).toString('base64')}:`;
  const given = (headers.get('content-digest') ?? '').split(',').map((each) => each.trim());
  if (!given.includes(expected)) throw forged('content-digest is missing, or is not the sha-256 of this body');
}
