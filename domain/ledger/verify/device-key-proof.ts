import { verifiesEd25519 } from '../../crypto/ed25519.ts';
import { DeviceProof } from '../../signature/device-proof.ts';
import { digestOfBytes } from '../digest.ts';
import { parsedJson } from './parsed-json.ts';
import type { ShownEntry } from './shown-entry.ts';

export const DEVICE_KEY_MEANS =
  'a signature by the key of a device: whoever had the device asked for this kill. Weaker than the signature of a person, since nobody is proved to have been there';

/**
 * What is wrong with the proof of a device, if anything: its signature over the request, what the request says of itself, and
 * whether what it asked for is what the entry records. That the key was enrolled, and to whom, the log `desk` says.
 */
export function wrongDeviceKey(proof: unknown, entry: ShownEntry): string | undefined {
  const { data: given } = DeviceProof.safeParse(proof);
  if (!given) return 'is not of the form of a signature by a device';
  const { publicKey, base, signature } = given;
  if (!verifiesEd25519(publicKey, Buffer.from(base), Buffer.from(signature, 'base64')))
    return 'is no signature by the key that it names';
  const request = requestIn(base);
  if (!entry.type.startsWith('kill.') || !request) return 'was given for something else than a kill';
  return wrongRequest(request, given) ?? wrongTarget(request, given, entry);
}

type SignedRequest = { readonly target: URL; readonly digest: string; readonly parameters: string };

/** The lines of a signature base (RFC 9421 section 2.5) of a kill; nothing when it is none. */
function requestIn(base: string): SignedRequest | undefined {
  const lines = base.split('\n').map((line) => /^"([^"]+)": (.*)$/.exec(line)?.slice(1) ?? []);
  const values = new Map(lines.map(([name, value]) => [name, value ?? '']));
  const target = URL.parse(values.get('@target-uri') ?? '');
  const parameters = lines.at(-1)?.[0] === '@signature-params' ? values.get('@signature-params') : undefined;
  if (!target?.pathname.endsWith('/v1/device-kills') || values.get('@method') !== 'POST') return undefined;
  if (values.size !== lines.length || parameters === undefined) return undefined;
  return { target, digest: values.get('content-digest') ?? '', parameters };
}

function wrongRequest(
  { digest, parameters }: SignedRequest,
  { keyid, created, nonce, ...given }: DeviceProof,
): string | undefined {
  const said = [`keyid="${keyid}"`, `created=${created}`, `nonce="${nonce}"`, 'tag="tradepulse-control"'];
  const parts = parameters.split(';');
  if (!said.every((each) => parts.includes(each))) return 'says another device, time or nonce than was signed';
  const hash = Buffer.from(given.digest.replace(/^sha256:/, ''), 'hex').toString('base64');
  const isOfBody = given.body === undefined || digestOfBytes(Buffer.from(given.body, 'base64')) === given.digest;
  return digest.includes(`sha-256=:${hash}:`) && isOfBody ? undefined : 'is about another body than was signed';
}

/** What was asked for has to be what the entry is about: a strategy has a log of its own, a scope stands in the payload, or before the reason. A body that is not there cannot be judged. */
function wrongTarget({ target }: SignedRequest, { body }: DeviceProof, { log, payload }: ShownEntry) {
  const asked = Object(parsedJson(Buffer.from(body ?? '', 'base64').toString()) ?? {});
  const strategy: unknown = target.searchParams.get('strategy') ?? asked.strategy;
  const scope: unknown = target.searchParams.get('scope') ?? asked.scope;
  if (typeof scope === 'string') return coversEntry(scope, log, payload) ? undefined : OTHER;
  return strategy === log || (strategy === undefined && body === undefined) ? undefined : OTHER;
}

const OTHER = 'is about another target than the entry';

function coversEntry(scope: string, log: string, payload: ShownEntry['payload']): boolean {
  const meant = scope.trim().toLowerCase();
  if (log === 'desk') return String(payload['scope']).toLowerCase() === meant;
  const { reason } = payload;
  return reason === undefined || String(reason).toLowerCase().startsWith(`${meant}: `);
}
