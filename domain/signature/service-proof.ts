import * as z from 'zod';
import { ActorId, RunId, StrategyId } from '../ids.ts';
import { DsseEnvelope } from '../launch/dsse.ts';

/** What the payload of the envelope is. */
export const AUTOMATIC_KILL_TYPE = 'application/vnd.tradepulse.automatic-kill+json';

/** What a service says when it kills by itself. */
export const AutomaticKill = z.strictObject({
  strategy: StrategyId,
  run: RunId,
  reason: z.string(),
  by: ActorId,
  at: z.iso.datetime(),
});
export type AutomaticKill = z.infer<typeof AutomaticKill>;

/** What shows that a service of ours asked for a kill (product decision 1): a DSSE envelope signed with the service key, kept in `proofs` of the kill's entry. */
export const ServiceProof = z.strictObject({
  method: z.literal('service-key'),
  /** SubjectPublicKeyInfo, base64: the key as it was when this was signed. */
  publicKey: z.string(),
  envelope: DsseEnvelope,
});
export type ServiceProof = z.infer<typeof ServiceProof>;
