import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type ChangeManifest, MANIFEST_PREDICATE_TYPE, manifestKey } from '../../domain/launch/change-manifest.ts';
import { CI_PREDICATE_TYPE, type CiAttestation, ciAttestationKey } from '../../domain/launch/ci-attestation.ts';
import { parametersKey } from '../../domain/launch/read-approved-change.ts';
import { LIMITS_KEY } from '../../domain/launch/risk-limits.ts';
import { digestOf } from '../../domain/ledger/digest.ts';
import type { FetchHandler } from '../aws/fetch-handler.ts';
import { writeDurably } from '../aws/write-durably.ts';
import { type DemoStrategy, demoLimits, demoStrategies } from './demo-strategies.ts';
import { demoTicketId } from './demo-tickets.ts';
import { putOnce } from './put-once.ts';
import { type ManifestKey, signManifest } from './sign-manifest.ts';

export type SeedOptions = {
  readonly s3: FetchHandler;
  readonly bucket: string;
  /** Folder of the artifacts that engines load, `sha256-<hex>` each. */
  readonly artifacts: string;
  readonly key: ManifestKey;
  /** Signs what CI would have found. */
  readonly ciKey: ManifestKey;
  readonly now: () => Date;
};

const yearMs = 365 * 86_400_000;

/**
 * What somebody else's approval process would have put there before a launch: artifacts, parameters, limits, and for each demo
 * strategy a manifest and a CI attestation that are really signed. Nothing that exists is replaced: whoever tampers with it sees the launch refused.
 */
export async function seedEvidence(options: SeedOptions): Promise<void> {
  const put = putOnce(options);
  await put(LIMITS_KEY, demoLimits(), 'application/yaml');
  for (const strategy of demoStrategies()) {
    const hex = createHash('sha256').update(strategy.artifact).digest('hex');
    await writeDurably(join(options.artifacts, `sha256-${hex}`), strategy.artifact, { mode: 0o600, once: true });
    await put(parametersKey(strategy.id), json(strategy.parameters), 'application/json');
    const envelope = signManifest(manifestOf(strategy, hex, options.now()), options.key);
    await put(manifestKey(strategy.id), json(envelope), 'application/json');
    const attestation = signManifest(attestationOf(strategy, hex, options.now()), options.ciKey);
    await put(ciAttestationKey(commitOf(strategy.id)), json(attestation), 'application/json');
  }
}

const json = (value: unknown) => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);

/** No commit of any repository, but as long as one: each demo strategy has its own. */
const commitOf = (id: string): string => createHash('sha1').update(`demo/${id}`).digest('hex');

const manifestOf = ({ id, parameters, limits }: DemoStrategy, sha256: string, at: Date): ChangeManifest => ({
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: id, digest: { sha256 } }],
  predicateType: MANIFEST_PREDICATE_TYPE,
  predicate: {
    environment: 'prod',
    ticket: demoTicketId(id),
    ciRun: 'demo: approved for this machine only',
    commit: commitOf(id),
    parametersDigest: digestOf(parameters),
    limitsDigest: digestOf(limits),
    issuedAt: at.toISOString(),
    expiresAt: new Date(at.getTime() + yearMs).toISOString(),
  },
});

const attestationOf = ({ id }: DemoStrategy, sha256: string, at: Date): CiAttestation => ({
  _type: 'https://in-toto.io/Statement/v1',
  subject: [
    { name: id, digest: { sha256 } },
    { name: 'source', digest: { gitCommit: commitOf(id) } },
  ],
  predicateType: CI_PREDICATE_TYPE,
  predicate: {
    issuedAt: at.toISOString(),
    checks: ['build', 'heavy-math', 'cross-architecture'].map((name) => ({
      name,
      conclusion: 'success',
      completedAt: at.toISOString(),
    })),
  },
});
