import * as z from 'zod';
import { Digest, type StrategyId } from '../ids.ts';
import { DsseEnvelope } from './dsse.ts';

export const MANIFEST_PAYLOAD_TYPE = 'application/vnd.in-toto+json';
export const MANIFEST_PREDICATE_TYPE = 'https://tradepulse.dev/change-manifest/v1';
const MAX_MANIFEST_BYTES = 1_048_576;

/** Where the signed manifest of a strategy stands in the evidence bucket (runbook 1.1). */
export const manifestKey = (strategyId: StrategyId): string => `reports/change_manifest/${strategyId}.dsse.json`;

/** The signed strategy manifest: an in-toto Statement v1 over the artifact, with what was approved about it. */
export const ChangeManifest = z.object({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z
    .array(z.object({ name: z.string(), digest: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }) }))
    .length(1),
  predicateType: z.literal(MANIFEST_PREDICATE_TYPE),
  predicate: z.object({
    environment: z.string(),
    ticket: z.string().min(1).max(64),
    ciRun: z.string().max(200),
    commit: z.string().max(100),
    parametersDigest: Digest,
    limitsDigest: Digest,
    issuedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  }),
});
export type ChangeManifest = z.infer<typeof ChangeManifest>;

export const artifactOf = (manifest: ChangeManifest): Digest =>
  Digest.parse(`sha256:${manifest.subject[0]?.digest.sha256}`);

export type ReadManifest = { envelope: DsseEnvelope; manifest: ChangeManifest };

/** The envelope and statement in these bytes, or one sentence about what is wrong with them. Does not judge signatures. */
export function readManifest(bytes: Uint8Array): ReadManifest | string {
  if (bytes.length > MAX_MANIFEST_BYTES) return `${bytes.length} bytes, more than ${MAX_MANIFEST_BYTES}`;
  const envelope = DsseEnvelope.safeParse(parsed(bytes));
  if (!envelope.success) return 'not a DSSE envelope';
  if (envelope.data.payloadType !== MANIFEST_PAYLOAD_TYPE) return `a payload of type ${envelope.data.payloadType}`;
  const manifest = ChangeManifest.safeParse(parsed(Buffer.from(envelope.data.payload, 'base64')));
  return manifest.success
    ? { envelope: envelope.data, manifest: manifest.data }
    : `not a change manifest: ${z.prettifyError(manifest.error)}`;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined; // the schema says what is wrong
  }
}
