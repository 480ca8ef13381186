import * as z from 'zod';
import { Digest } from '../ids.ts';
import { VenueKind } from './venue-kind.ts';

const loaded = Digest.nullable();

/**
 * What an instance is set up with beside its deployment: the program and its version, and every venue at which it may trade. An
 * engine may say more; nothing in it names one instance, so that instances that are set up the same say the same.
 */
export const EngineConfiguration = z.looseObject({
  engine: z.string().min(1),
  version: z.string().min(1),
  venues: z.array(z.object({ venue: z.string().min(1), kind: VenueKind })),
});
export type EngineConfiguration = z.infer<typeof EngineConfiguration>;

/**
 * What an engine instance hashed itself after loading it (runbook 2.2); null where nothing is loaded. `configurationDigest` is the
 * digest of `configuration`.
 */
export const Attestation = z.object({
  instanceId: z.string().min(1),
  artifactDigest: loaded,
  limitsDigest: loaded,
  parametersDigest: loaded,
  configurationDigest: Digest,
  configuration: EngineConfiguration,
});
export type Attestation = z.infer<typeof Attestation>;
