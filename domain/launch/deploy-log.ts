import type { Said } from '../ask-instances.ts';
import type { Attestation } from '../engine/attestation.ts';
import type { Digest, RunId, StrategyId } from '../ids.ts';
import { Refusal } from '../refusal.ts';
import type { GateResult } from './finding.ts';

/** What one instance did with the deployment. */
export type Deployed = Said<Attestation>;

export type DeployLog = {
  readonly strategyId: StrategyId;
  readonly runId: RunId;
  readonly epoch: number;
  readonly ticket: string;
  readonly approved: { artifactDigest: Digest; limitsDigest: Digest; parametersDigest: Digest };
  readonly deployed: readonly Deployed[];
  readonly gate: GateResult;
  readonly from: Date;
  readonly to: Date;
};

/** `deploy.log` (runbook 2.2): what was approved, one line for each instance with its times and digests, then each finding that is a no. */
export function deployLog({ strategyId, runId, epoch, ticket, approved, deployed, gate, from, to }: DeployLog): string {
  const noes = gate.findings.filter(({ verdict }) => verdict !== 'go');
  return [
    `${from.toISOString()}  deploy ${strategyId}: run ${runId}, epoch ${epoch}, ticket ${ticket}`,
    `  approved: ${digests(approved)}`,
    ...deployed.map((each) => instanceLine(each, gate)),
    ...noes.map(({ verdict, check, expected, actual }) => `  ${verdict}: ${check} is ${actual}, expected ${expected}`),
    `${to.toISOString()}  ${gate.verdict}: ${gate.summary}`,
  ]
    .map((line) => `${line.replaceAll(/\p{Cc}+/gu, ' ')}\n`) // engines wrote parts of it: what they say stays on its line
    .join('');
}

function instanceLine({ instanceId, askedAt, answeredAt, said }: Deployed, { findings }: GateResult): string {
  const took = `${answeredAt.getTime() - askedAt.getTime()} ms`;
  const isGood = findings
    .filter(({ check }) => check.startsWith(`${instanceId}.`))
    .every(({ verdict }) => verdict === 'go');
  const what =
    said instanceof Refusal
      ? `${said.code} after ${took}: ${said.message}`
      : `attested in ${took}: ${digests(said)}, configuration ${said.configurationDigest} (${said.configuration.engine} ${said.configuration.version})`;
  return `${answeredAt.toISOString()}  ${isGood ? '✓' : '✖'} ${instanceId} ${what}`;
}

type Digests = { artifactDigest: string | null; limitsDigest: string | null; parametersDigest: string | null };

const digests = ({ artifactDigest, limitsDigest, parametersDigest }: Digests): string =>
  `artifact ${artifactDigest ?? 'none'}, limits ${limitsDigest ?? 'none'}, parameters ${parametersDigest ?? 'none'}`;
