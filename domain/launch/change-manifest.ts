import * as z from 'zod';
import { Digest, StrategyId } from '../ids.ts';
import { TicketRef } from '../ticket/ticket-ref.ts';
import { DsseEnvelope } from './dsse.ts';

export const MANIFEST_PAYLOAD_TYPE = 'application/vnd.in-toto+json';
export const MANIFEST_PREDICATE_TYPE = 'https://tradepulse.dev/change-manifest/v1';

/** A manifest is two or three kilobytes; what is larger is none, and is refused before it is read. */
export const MAX_MANIFEST_BYTES = 65_536;

/** A git commit in full: SHA-1 or SHA-256. A short one could come to mean another. */
export const Commit = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, 'a commit is all its 40 or 64 hex digits');

/** Where the signed manifest of a strategy stands in the evidence bucket (runbook 1.1). */
export const manifestKey = (strategyId: StrategyId): string => `reports/change_manifest/${strategyId}.dsse.json`;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits');

/** The signed strategy manifest: an in-toto Statement v1 over the artifact, with what was approved about it. What it does not know it refuses: nobody approves what nobody reads. */
export const ChangeManifest = z.strictObject({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z.array(z.strictObject({ name: StrategyId, digest: z.strictObject({ sha256: Sha256 }) })).length(1),
  predicateType: z.literal(MANIFEST_PREDICATE_TYPE),
  predicate: z
    .strictObject({
      environment: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'an environment is 1 to 31 of a-z, 0-9 and -'),
      ticket: TicketRef,
      ciRun: z.string().regex(/^[\x20-\x7e]{1,200}$/, '1 to 200 printable characters'),
      commit: Commit,
      parametersDigest: Digest,
      limitsDigest: Digest,
      issuedAt: z.iso.datetime(),
      expiresAt: z.iso.datetime(),
    })
    .refine(
      ({ issuedAt, expiresAt }) => Date.parse(issuedAt) < Date.parse(expiresAt),
      'it expires before it is issued',
    ),
});
export type ChangeManifest = z.infer<typeof ChangeManifest>;

export const artifactOf = (manifest: ChangeManifest): Digest =>
  Digest.parse(`sha256:${manifest.subject[0]?.digest.sha256}`);

export type ReadManifest = { envelope: DsseEnvelope; manifest: ChangeManifest };

/** The envelope and statement in these bytes, or one sentence about what is wrong with them. Does not judge signatures. */
export function readManifest(bytes: Uint8Array): ReadManifest | string {
  if (bytes.length > MAX_MANIFEST_BYTES) return `${bytes.length} bytes, more than ${MAX_MANIFEST_BYTES}`;
  const envelope = DsseEnvelope.safeParse(parsed(bytes));
  if (!envelope.success) return `not a DSSE envelope: ${mistakesIn(envelope.error)}`;
  if (envelope.data.payloadType !== MANIFEST_PAYLOAD_TYPE)
    return `a payload of type ${envelope.data.payloadType}, not ${MANIFEST_PAYLOAD_TYPE}`;
  const manifest = ChangeManifest.safeParse(parsed(Buffer.from(envelope.data.payload, 'base64')));
  return manifest.success
    ? { envelope: envelope.data, manifest: manifest.data }
    : `not a change manifest: ${mistakesIn(manifest.error)}`;
}

/** Every mistake with its place, in one sentence. */
export const mistakesIn = ({ issues }: z.ZodError): string =>
  issues
    .map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`)
    .join('; ')
    .slice(0, 1000);

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined; // the schema says what is wrong
  }
}
