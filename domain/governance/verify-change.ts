import { verifiesEd25519 } from '../crypto/ed25519.ts';
import { DsseEnvelope, preAuthenticationEncoding } from '../launch/dsse.ts';
import { jsonIn } from '../launch/json-in.ts';
import { Refusal } from '../refusal.ts';
import { STRATEGY_CHANGE_TYPE, StrategyChange } from './strategy-change.ts';

/** Reads a change out of its envelope. Refuses (ChangeNotSigned) what is no envelope of a change, or not signed with the governance key: nothing in it is believed. */
export function verifyChange(event: unknown, publicKey: string): StrategyChange | Refusal {
  const envelope = DsseEnvelope.safeParse(event).data;
  if (!envelope) return refused('it is no signed envelope');
  const { payloadType, payload, signatures } = envelope;
  if (payloadType !== STRATEGY_CHANGE_TYPE) return refused(`it is a ${payloadType}`);
  const bytes = Buffer.from(payload, 'base64');
  const message = preAuthenticationEncoding(payloadType, bytes);
  if (!signatures.some(({ sig }) => verifiesEd25519(publicKey, message, Buffer.from(sig, 'base64'))))
    return refused('it is not signed with the governance key');
  return StrategyChange.safeParse(jsonIn(bytes)).data ?? refused('its payload is no change of a strategy');
}

const refused = (why: string): Refusal =>
  new Refusal(
    'ChangeNotSigned',
    `a change of a strategy is not believed: ${why}`,
    'find out who may put events on the bus, and call Compliance',
  );
