import * as z from 'zod';
import { Digest } from '../ids.ts';

/** What an engine instance hashed itself after loading it (runbook 2.2). `configurationDigest` covers the other three in one. */
export const Attestation = z.object({
  instanceId: z.string().min(1),
  artifactDigest: Digest,
  limitsDigest: Digest,
  parametersDigest: Digest,
  configurationDigest: Digest,
});
export type Attestation = z.infer<typeof Attestation>;
