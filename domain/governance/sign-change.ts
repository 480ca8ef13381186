import { type DsseEnvelope, preAuthenticationEncoding } from '../launch/dsse.ts';
import { canonicalJson } from '../ledger/canonical-json.ts';
import type { GovernanceKey } from './governance-key.ts';
import { STRATEGY_CHANGE_TYPE, type StrategyChange } from './strategy-change.ts';

/** Puts a change into a DSSE envelope, signed with the governance key. The same change makes the same envelope. */
export async function signChange(
  change: StrategyChange,
  governance: Pick<GovernanceKey, 'sign'>,
): Promise<DsseEnvelope> {
  const payload = Buffer.from(canonicalJson(change));
  const signature = await governance.sign(preAuthenticationEncoding(STRATEGY_CHANGE_TYPE, payload));
  return {
    payloadType: STRATEGY_CHANGE_TYPE,
    payload: payload.toString('base64'),
    signatures: [{ keyid: 'governance', sig: Buffer.from(signature).toString('base64') }],
  };
}
