import { readRegistration } from '../change.ts';
import { type EngineInstance, enginesOf } from '../engine-instances.ts';
import type { Digest, StrategyId } from '../ids.ts';
import { approvedLimits } from '../launch/risk-envelope-gate.ts';
import { LIMITS_KEY, StrategyLimits } from '../launch/risk-limits.ts';
import { digestOf } from '../ledger/digest.ts';
import type { EvidenceDocument, EvidenceStore } from '../ports/evidence.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { LimitsChange } from './limits-change.ts';
import { type LimitsColumn, type LimitsDifference, limitsDifferences } from './limits-differences.ts';
import { readLimits } from './limits-file.ts';

const DEADLINE_MS = 3_000;

/** The limits of a strategy wherever they are told (runbook 1.4): stored, approved, and what each engine enforces. */
export type LimitsView = {
  readonly strategyId: StrategyId;
  /** The stored file; `problem` where it cannot be read, with the line. */
  readonly file: {
    readonly key: string;
    readonly hash: Digest;
    readonly storedAt: string;
    readonly problem?: string;
  } | null;
  readonly columns: readonly LimitsColumn[];
  /** Instances that did not answer, and what they said instead. */
  readonly silent: readonly { readonly instanceId: string; readonly reason: string }[];
  readonly differences: readonly LimitsDifference[];
  /** Everything is known, and the same everywhere. */
  readonly same: boolean;
  readonly change: LimitsChange | null;
};

export type ViewPorts = Pick<Ports, 'readYaml'> & {
  readonly engines: Pick<Ports['engines'], 'riskStatus'>;
  readonly evidence: Pick<EvidenceStore, 'read'>;
  readonly records: Pick<Ports['records'], 'get'>;
};

type Column = LimitsColumn & { readonly silent?: string };

/** Asks the bucket, the manifest and every engine at the same time. A digest whose content nobody tells is shown as a digest alone. */
export async function viewLimits(strategyId: StrategyId, ports: ViewPorts): Promise<LimitsView> {
  const registration = await readRegistration(strategyId, ports);
  const [document, approved, engines, change] = await Promise.all([
    ports.evidence.read(LIMITS_KEY),
    approvedLimits(strategyId, ports),
    Promise.all(enginesOf(registration).map((instance) => enforcedBy(instance, ports))),
    ports.records.get('LIMITS', strategyId),
  ]);
  const { file, stored } = storedLimits(strategyId, document, ports);
  const told = [stored, ...engines.filter(({ silent }) => silent === undefined)];
  const content = told.find(({ digest }) => digest !== null && digest === approved)?.limits;
  const columns = [{ name: 'approved', digest: approved ?? null, limits: content }, ...told];
  const silent = engines.flatMap(({ name, silent: reason }) =>
    reason === undefined ? [] : [{ instanceId: name, reason }],
  );
  const differences = limitsDifferences(columns);
  const same = differences.length === 0 && silent.length === 0 && file?.problem === undefined;
  return { strategyId, file, columns, silent, differences, same, change: change ?? null };
}

function storedLimits(
  strategyId: StrategyId,
  document: EvidenceDocument | undefined,
  { readYaml }: ViewPorts,
): { readonly file: LimitsView['file']; readonly stored: Column } {
  if (!document) return { file: null, stored: { name: 'stored', digest: null } };
  const { key, hash, storedAt } = document;
  const read = readLimits(Buffer.from(document.bytes).toString('utf8'), readYaml);
  if (read instanceof Refusal)
    return { file: { key, hash, storedAt, problem: read.message }, stored: { name: 'stored', digest: null } };
  const limits = read.strategies[strategyId];
  return {
    file: { key, hash, storedAt },
    stored: { name: 'stored', digest: limits ? digestOf(limits) : null, limits },
  };
}

async function enforcedBy(instance: EngineInstance, { engines }: ViewPorts): Promise<Column> {
  const { instanceId: name } = instance;
  try {
    const { limitsDigest: digest, limits } = await engines.riskStatus(instance, { deadlineMs: DEADLINE_MS });
    return { name, digest, limits: digest === null ? undefined : asDigested(limits, digest) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { name, digest: null, silent: error.message };
  }
}

/** What an engine says that it enforces counts only where it has the digest that it says, too. */
function asDigested(limits: unknown, digest: Digest): StrategyLimits | undefined {
  const { data } = StrategyLimits.safeParse(limits);
  return data && digestOf(data) === digest ? data : undefined;
}
