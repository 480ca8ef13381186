import { readRegistration } from '../change.ts';
import { type EngineInstance, enginesOf } from '../engine-instances.ts';
import type { Digest, StrategyId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { RunStep } from '../run-step.ts';
import { manifestKey, readManifest } from './change-manifest.ts';
import { checkRiskEnvelope, type EngineLimits } from './check-risk-envelope.ts';
import { type GateResult, gateResult } from './finding.ts';
import { LIMITS_KEY, RiskLimits } from './risk-limits.ts';

const DEADLINE_MS = 3_000;

/** What the gate looks at: limits, manifest, and what engines say. */
export type RiskPorts = Pick<Ports, 'records' | 'evidence' | 'engines' | 'readYaml' | 'now'>;

/** Gate 1.4: stored limits are the approved ones, and what each engine enforces is known. Whether the manifest itself counts is gate 1.1's business. */
export async function riskEnvelopeGate(
  { strategyId }: Pick<RunStep, 'strategyId'>,
  ports: RiskPorts,
): Promise<GateResult> {
  const registration = await readRegistration(strategyId, ports);
  const [limits, approved, engines] = await Promise.all([
    ports.evidence.read(LIMITS_KEY),
    approvedLimits(strategyId, ports),
    Promise.all(enginesOf(registration).map((instance) => enforcedBy(instance, ports))),
  ]);
  const evidence = {
    limits: limits && ports.readYaml(Buffer.from(limits.bytes).toString('utf8'), RiskLimits),
    hash: limits?.hash,
    approved,
    engines,
    now: ports.now(),
  };
  return gateResult('risk envelope', checkRiskEnvelope(strategyId, evidence));
}

/** The digest of the limits that the manifest approves; nothing where there is no manifest that can be read. */
export async function approvedLimits(
  strategyId: StrategyId,
  { evidence }: { readonly evidence: Pick<Ports['evidence'], 'read'> },
): Promise<Digest | undefined> {
  const document = await evidence.read(manifestKey(strategyId));
  const read = document && readManifest(document.bytes);
  return typeof read === 'object' ? read.manifest.predicate.limitsDigest : undefined;
}

async function enforcedBy(instance: EngineInstance, { engines }: Pick<Ports, 'engines'>): Promise<EngineLimits> {
  const { instanceId } = instance;
  try {
    const { limitsDigest, mode } = await engines.riskStatus(instance, { deadlineMs: DEADLINE_MS });
    return { instanceId, limitsDigest, mode };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { instanceId, silent: error.message };
  }
}
