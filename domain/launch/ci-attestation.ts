import * as z from 'zod';
import { type JudgedSignature, judgeSignatures } from '../manifest/judge-signatures.ts';
import type { TrustedKey } from '../manifest/trusted-key.ts';
import type { CiRead } from '../ports/ci-checks.ts';
import type { EvidenceDocument } from '../ports/evidence.ts';
import { Commit, MANIFEST_PAYLOAD_TYPE, mistakesIn } from './change-manifest.ts';
import { DsseEnvelope } from './dsse.ts';

export const CI_PREDICATE_TYPE = 'https://tradepulse.dev/ci-checks/v1';
const MAX_ATTESTATION_BYTES = 1_048_576;

/** Where the signed CI attestation of a commit stands in the evidence bucket (runbook 1.2). */
export const ciAttestationKey = (commit: string): string => `reports/ci/${commit}.dsse.json`;

const Subject = z.strictObject({
  name: z.string().min(1).max(200),
  digest: z.strictObject({
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional(),
    gitCommit: Commit.optional(),
  }),
});

/** What CI signs: an in-toto Statement v1 over the commit and every artifact that was built from it, with what each check found. */
export const CiAttestation = z.strictObject({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z.array(Subject).min(1).max(500),
  predicateType: z.literal(CI_PREDICATE_TYPE),
  predicate: z.strictObject({
    issuedAt: z.iso.datetime(),
    checks: z
      .array(
        z.strictObject({
          name: z.string().min(1).max(200),
          conclusion: z.string().min(1).max(40),
          completedAt: z.iso.datetime(),
          url: z.url().max(500).optional(),
        }),
      )
      .max(500),
  }),
});
export type CiAttestation = z.infer<typeof CiAttestation>;

type Of = { readonly commit: string; readonly artifactHex: string };
type Known = { readonly keys: readonly TrustedKey[]; readonly now: Date };

/** The checks in a stored attestation, if a CI key that counts signed it and it is about this commit and this artifact; else why not. Pure. */
export function readCiAttestation(document: EvidenceDocument | undefined, of: Of, known: Known): CiRead {
  const source = ciAttestationKey(of.commit);
  if (!document) return { source, problem: `there is no CI attestation at ${source}` };
  const attestation = attestationIn(document.bytes, known);
  if (typeof attestation === 'string') return { source, hash: document.hash, problem: attestation };
  const problem = foreign(attestation, of);
  if (problem !== undefined) return { source, hash: document.hash, problem };
  const checks = attestation.predicate.checks.map((check) => ({ ...check, commit: of.commit }));
  return { source, hash: document.hash, checks };
}

function attestationIn(bytes: Uint8Array, { keys, now }: Known): CiAttestation | string {
  if (bytes.length > MAX_ATTESTATION_BYTES) return `${bytes.length} bytes, more than ${MAX_ATTESTATION_BYTES}`;
  const envelope = DsseEnvelope.safeParse(parsed(bytes));
  if (!envelope.success) return `no DSSE envelope: ${mistakesIn(envelope.error)}`;
  if (envelope.data.payloadType !== MANIFEST_PAYLOAD_TYPE) return `a payload of type ${envelope.data.payloadType}`;
  const read = CiAttestation.safeParse(parsed(Buffer.from(envelope.data.payload, 'base64')));
  if (!read.success) return `no CI attestation: ${mistakesIn(read.error)}`;
  const judged = judgeSignatures(envelope.data, keys, { issuedAt: read.data.predicate.issuedAt, now });
  return judged.some(({ code }) => code === undefined) ? read.data : notSigned(judged);
}

const notSigned = ([first]: readonly JudgedSignature[]): string =>
  `not signed by a CI key that counts: ${first?.told ?? 'it has no signature'}`;

/** Nothing is satisfied by a check of another commit or another artifact. */
function foreign({ subject }: CiAttestation, { commit, artifactHex }: Of): string | undefined {
  if (!subject.some(({ digest }) => digest.gitCommit === commit)) return `it is not about commit ${commit}`;
  if (!subject.some(({ digest }) => digest.sha256 === artifactHex))
    return `it is not about the artifact sha256:${artifactHex}`;
  return undefined;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined; // the schema says what is wrong
  }
}
