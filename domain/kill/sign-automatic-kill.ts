import type { GovernanceKey } from '../governance/governance-key.ts';
import { preAuthenticationEncoding } from '../launch/dsse.ts';
import { canonicalJson } from '../ledger/canonical-json.ts';
import { AUTOMATIC_KILL_TYPE, type AutomaticKill, type ServiceProof } from '../signature/service-proof.ts';

/** Product decision 1: the service key signs what a service decided by itself. */
export async function signAutomaticKill(statement: AutomaticKill, governance: GovernanceKey): Promise<ServiceProof> {
  const payload = Buffer.from(canonicalJson(statement));
  const [signature, publicKey] = await Promise.all([
    governance.sign(preAuthenticationEncoding(AUTOMATIC_KILL_TYPE, payload)),
    governance.publicKey(),
  ]);
  return {
    method: 'service-key',
    publicKey,
    envelope: {
      payloadType: AUTOMATIC_KILL_TYPE,
      payload: payload.toString('base64'),
      signatures: [{ keyid: 'governance', sig: Buffer.from(signature).toString('base64') }],
    },
  };
}
