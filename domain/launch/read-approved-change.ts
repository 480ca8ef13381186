import type { Digest, StrategyId } from '../ids.ts';
import { digestOf } from '../ledger/digest.ts';
import type { EvidenceStore } from '../ports/evidence.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { artifactOf, type ChangeManifest, manifestKey, readManifest } from './change-manifest.ts';
import { trustedSignersOf } from './dsse.ts';
import { LIMITS_KEY, RiskLimits, type StrategyLimits } from './risk-limits.ts';

/** What a trusted manifest approves, with the documents it points to. */
export type ApprovedChange = {
  artifactDigest: Digest;
  limitsDigest: Digest;
  parametersDigest: Digest;
  ticket: string;
  environment: string;
  expiresAt: string;
  limits: StrategyLimits;
  parameters: Record<string, unknown>;
};

export const parametersKey = (strategyId: StrategyId): string => `configs/strategies/${strategyId}/parameters.json`;

/**
 * The approved change of a strategy, read afresh by every step that acts on it. The documents must have the approved
 * digests. Throws the refusal of the first thing that is not as approved: a manifest swapped after the gate is caught here.
 */
export async function readApprovedChange(
  strategyId: StrategyId,
  {
    evidence,
    trustedManifestKeys,
    parseYaml,
    now,
  }: Pick<Ports, 'evidence' | 'trustedManifestKeys' | 'parseYaml' | 'now'>,
): Promise<ApprovedChange> {
  const manifest = trusted(await evidence.read(manifestKey(strategyId)), strategyId, trustedManifestKeys);
  const { limitsDigest, parametersDigest, ticket, environment, expiresAt } = manifest.predicate;
  if (expiresAt <= now().toISOString())
    throw new Refusal('ManifestExpired', `the manifest expired at ${expiresAt}`, 'have the change approved again');
  const limits = RiskLimits.safeParse(parseYaml(await text(evidence, LIMITS_KEY))).data?.strategies[strategyId];
  const parameters = parseYaml(await text(evidence, parametersKey(strategyId))); // JSON is YAML
  if (!limits || digestOf(limits) !== limitsDigest) throw changed('RiskEnvelopeMismatch', LIMITS_KEY, limitsDigest);
  if (!isRecord(parameters) || digestOf(parameters) !== parametersDigest)
    throw changed('ParametersNotApproved', parametersKey(strategyId), parametersDigest);
  return {
    artifactDigest: artifactOf(manifest),
    limitsDigest,
    parametersDigest,
    ticket,
    environment,
    expiresAt,
    limits,
    parameters,
  };
}

function trusted(
  document: { bytes: Uint8Array } | undefined,
  strategyId: StrategyId,
  keys: readonly string[],
): ChangeManifest {
  if (!document)
    throw new Refusal(
      'ManifestMissing',
      `there is no manifest at ${manifestKey(strategyId)}`,
      'publish the signed manifest',
    );
  const read = readManifest(document.bytes);
  if (typeof read === 'string' || trustedSignersOf(read.envelope, keys).length === 0) {
    throw new Refusal(
      'ManifestTampered',
      'the manifest is not signed by a trusted key',
      'publish the signed manifest again, and find out who changed it',
    );
  }
  return read.manifest;
}

async function text(evidence: EvidenceStore, key: string): Promise<string> {
  const document = await evidence.read(key);
  return document ? Buffer.from(document.bytes).toString('utf8') : '';
}

const changed = (code: 'RiskEnvelopeMismatch' | 'ParametersNotApproved', key: string, approved: Digest): Refusal =>
  new Refusal(
    code,
    `${key} is not what the manifest approved`,
    'restore the approved document, or have the new one approved',
    { key, approved },
  );

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
