import { verifiesEd25519 } from '../../crypto/ed25519.ts';
import { preAuthenticationEncoding } from '../../launch/dsse.ts';
import { AUTOMATIC_KILL_TYPE, AutomaticKill, ServiceProof } from '../../signature/service-proof.ts';
import { parsedJson } from './parsed-json.ts';
import type { ShownEntry } from './shown-entry.ts';

export const SERVICE_KEY_MEANS =
  'a signature by the key of the control plane: a monitor asked for this kill by itself, and no person had a part in it';

/** What is wrong with the proof of a kill that no person asked for, if anything: the signature over its envelope, and whether that is about this very entry. Whose key it is stands in the outputs of the deployment. */
export function wrongServiceKey(proof: unknown, { type, log, run, actor, payload }: ShownEntry): string | undefined {
  const { data: given } = ServiceProof.safeParse(proof);
  if (!given) return 'is not of the form of a signature by a service';
  const { payloadType, signatures, payload: text } = given.envelope;
  const bytes = Buffer.from(text, 'base64');
  const message = preAuthenticationEncoding(payloadType, bytes);
  if (!signatures.some(({ sig }) => verifiesEd25519(given.publicKey, message, Buffer.from(sig, 'base64'))))
    return 'is no signature by the key that it names';
  const said = AutomaticKill.safeParse(parsedJson(bytes.toString())).data;
  if (payloadType !== AUTOMATIC_KILL_TYPE || !said || !type.startsWith('kill.'))
    return 'was given for something else than a kill';
  const isOfEntry = said.strategy === log && said.run === run && said.by === actor && said.reason === payload['reason'];
  return isOfEntry ? undefined : 'is about another kill than the entry';
}
