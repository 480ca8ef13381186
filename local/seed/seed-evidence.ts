import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type ChangeManifest, MANIFEST_PREDICATE_TYPE, manifestKey } from '../../domain/launch/change-manifest.ts';
import { parametersKey } from '../../domain/launch/read-approved-change.ts';
import { LIMITS_KEY } from '../../domain/launch/risk-limits.ts';
import { digestOf } from '../../domain/ledger/digest.ts';
import type { FetchHandler } from '../aws/fetch-handler.ts';
import { writeDurably } from '../aws/write-durably.ts';
import { type DemoStrategy, demoLimits, demoStrategies } from './demo-strategies.ts';
import { putOnce } from './put-once.ts';
import { type ManifestKey, signManifest } from './sign-manifest.ts';

export type SeedOptions = {
  readonly s3: FetchHandler;
  readonly bucket: string;
  /** Folder of the artifacts that engines load, `sha256-<hex>` each. */
  readonly artifacts: string;
  readonly key: ManifestKey;
  readonly now: () => Date;
};

const yearMs = 365 * 86_400_000;

/**
 * What somebody else's approval process would have put there before a launch: artifacts, parameters, limits, and for each demo
 * strategy a manifest that is really signed. Nothing that exists is replaced: whoever tampers with it sees the launch refused.
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
  }
}

const json = (value: unknown) => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);

const manifestOf = ({ id, parameters, limits }: DemoStrategy, sha256: string, at: Date): ChangeManifest => ({
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: id, digest: { sha256 } }],
  predicateType: MANIFEST_PREDICATE_TYPE,
  predicate: {
    environment: 'prod',
    ticket: `DEMO-${id}`,
    ciRun: 'demo: approved for this machine only',
    commit: 'demo',
    parametersDigest: digestOf(parameters),
    limitsDigest: digestOf(limits),
    issuedAt: at.toISOString(),
    expiresAt: new Date(at.getTime() + yearMs).toISOString(),
  },
});
