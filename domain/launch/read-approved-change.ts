import type { ActorId, Digest, StrategyId } from '../ids.ts';
import { digestOf } from '../ledger/digest.ts';
import { type ManifestPorts, readTrustedManifest } from '../manifest/read-trusted-manifest.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { artifactOf } from './change-manifest.ts';
import { LIMITS_KEY, RiskLimits, type StrategyLimits } from './risk-limits.ts';

/** What a trusted manifest approves, with the documents it points to. */
export type ApprovedChange = {
  artifactDigest: Digest;
  limitsDigest: Digest;
  parametersDigest: Digest;
  /** Of the stored envelope: another one means that somebody published meanwhile. */
  manifestDigest: Digest;
  ticket: string;
  environment: string;
  commit: string;
  ciRun: string;
  expiresAt: string;
  limits: StrategyLimits;
  parameters: Record<string, unknown>;
  /** The people who signed the manifest with keys that count; at least one. */
  signers: ActorId[];
};

export const parametersKey = (strategyId: StrategyId): string => `configs/strategies/${strategyId}/parameters.json`;

/**
 * The approved change of a strategy, read afresh by every step that acts on it. The documents must have the approved
 * digests. Throws the refusal of the first thing that is not as approved: a manifest swapped after the gate is caught here.
 */
export async function readApprovedChange(
  strategyId: StrategyId,
  ports: ManifestPorts & Pick<Ports, 'parseYaml'>,
): Promise<ApprovedChange> {
  const { manifest, signers, hash } = await readTrustedManifest(strategyId, ports);
  const { limitsDigest, parametersDigest, ticket, environment, commit, ciRun, expiresAt } = manifest.predicate;
  if (Date.parse(expiresAt) <= ports.now().getTime())
    throw new Refusal('ManifestExpired', `the manifest expired at ${expiresAt}`, 'have the change approved again');
  const limits = RiskLimits.safeParse(ports.parseYaml(await text(LIMITS_KEY, ports))).data?.strategies[strategyId];
  const parameters = ports.parseYaml(await text(parametersKey(strategyId), ports)); // JSON is YAML
  if (!limits || digestOf(limits) !== limitsDigest) throw changed('RiskEnvelopeMismatch', LIMITS_KEY, limitsDigest);
  if (!isRecord(parameters) || digestOf(parameters) !== parametersDigest)
    throw changed('ParametersNotApproved', parametersKey(strategyId), parametersDigest);
  return {
    artifactDigest: artifactOf(manifest),
    limitsDigest,
    parametersDigest,
    manifestDigest: hash,
    ticket,
    environment,
    commit,
    ciRun,
    expiresAt,
    limits,
    parameters,
    signers,
  };
}

async function text(key: string, { evidence }: Pick<ManifestPorts, 'evidence'>): Promise<string> {
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
