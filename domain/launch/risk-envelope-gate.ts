import type { Digest, StrategyId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import type { RunStep } from '../run-step.ts';
import { manifestKey, readManifest } from './change-manifest.ts';
import { checkRiskEnvelope } from './check-risk-envelope.ts';
import { type GateResult, gateResult } from './finding.ts';
import { LIMITS_KEY } from './risk-limits.ts';

/** Gate 1.4: the stored limits are the ones that the manifest approves. Whether the manifest itself counts is gate 1.1's business. */
export async function riskEnvelopeGate({ strategyId }: RunStep, ports: Ports): Promise<GateResult> {
  const [limits, approved] = await Promise.all([ports.evidence.read(LIMITS_KEY), approvedLimits(strategyId, ports)]);
  const evidence = {
    limits: limits && ports.parseYaml(Buffer.from(limits.bytes).toString('utf8')),
    hash: limits?.hash,
    approved,
    now: ports.now(),
  };
  return gateResult('risk envelope', checkRiskEnvelope(strategyId, evidence));
}

async function approvedLimits(strategyId: StrategyId, { evidence }: Ports): Promise<Digest | undefined> {
  const document = await evidence.read(manifestKey(strategyId));
  const read = document && readManifest(document.bytes);
  return typeof read === 'object' ? read.manifest.predicate.limitsDigest : undefined;
}
