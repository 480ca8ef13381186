import { approvalId, openApproval } from '../approval/open-approval.ts';
import { change, readRegistration } from '../change.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { Decision } from '../decision.ts';
import { RunId, type StrategyId } from '../ids.ts';
import { nonceOf } from '../launch/launch-plan.ts';
import { LIMITS_KEY } from '../launch/risk-limits.ts';
import { digestOf } from '../ledger/digest.ts';
import { Refusal } from '../refusal.ts';
import type { RunStep } from '../run-step.ts';
import type { Strategy } from '../strategy.ts';
import type { LimitsChange, LimitsProposal } from './limits-change.ts';
import { limitsDifferences } from './limits-differences.ts';
import { changeIn, readLimits } from './limits-file.ts';
import type { ChangeLimits, LimitsAtHand, LimitsChanged, LimitsPorts } from './limits-request.ts';

const SIGNED_WITHIN_MS = 30 * 60_000;
const MOST_DIFFERENCES = 300;

/** Asks two people to sign what a file would change of one strategy's limits. Nothing is asked where nothing would change. */
export async function proposeLimits(
  command: ChangeLimits,
  atHand: LimitsAtHand,
  ports: LimitsPorts,
): Promise<LimitsChanged> {
  const { strategyId, key, request } = command;
  const { environment } = await readRegistration(strategyId, ports);
  const proposal = proposalOf(command, atHand, ports);
  if (proposal instanceof Refusal) throw proposal;
  if (proposal.differences.length === 0)
    return {
      strategyId,
      status: 'unchanged',
      differences: [],
      summary: `these are the limits of ${strategyId} already`,
    };
  const { applied = 0, last } = atHand.record ?? {};
  const asking = { proposal, environment, applied, ...(last && { last }) };
  const { reply, receipt } = await change(
    strategyId,
    { key, body: { strategyId, ...request } },
    (state) => proposed(state, asking),
    ports,
  );
  return { ...reply, receipt };
}

export const waiting = (strategyId: StrategyId, { approval, differences }: LimitsProposal): LimitsChanged => ({
  ...{ strategyId, status: 'asked', differences, approval },
  summary: `an execution trader and a risk officer sign the new limits of ${strategyId}; then apply the same file again`,
});

function proposalOf(
  { caller, strategyId, request }: ChangeLimits,
  { stored, record, newFile }: LimitsAtHand,
  { readYaml, now }: LimitsPorts,
): LimitsProposal | Refusal {
  const after = readLimits(request.file, readYaml);
  if (after instanceof Refusal) return after;
  const before = stored && readLimits(Buffer.from(stored.bytes).toString('utf8'), readYaml);
  if (before instanceof Refusal) return unreadable(before);
  const changed = changeIn(before, after, strategyId);
  if (changed instanceof Refusal) return changed;
  const oldLimits = changed.before ? digestOf(changed.before) : null;
  const newLimits = digestOf(changed.after);
  const differences = limitsDifferences([
    { name: 'stored', digest: oldLimits, limits: changed.before },
    { name: 'proposed', digest: newLimits, limits: changed.after },
  ]);
  if (differences.length > MOST_DIFFERENCES)
    return new Refusal(
      'InvalidRequest',
      `${differences.length} fields would change, ${MOST_DIFFERENCES} at most: nobody reads that many before they sign`,
      'propose them in parts',
    );
  const oldFile = stored?.hash ?? null;
  const at = now().toISOString();
  const named = sha256(`${strategyId}/${record?.applied ?? 0}/${oldFile}/${newFile}`)
    .toString('hex')
    .slice(0, 12);
  const runId = RunId.parse(`limits-${strategyId}-${at.slice(0, 10).replaceAll('-', '')}-${named}`);
  return {
    ...{ oldFile, newFile, oldLimits, newLimits, differences, reason: request.reason, by: caller.subject, at },
    approval: approvalId({ runId }, 'limits'),
  };
}

/** Nobody knows then what would be replaced. */
const unreadable = ({ message, facts }: Refusal): Refusal =>
  new Refusal(
    'RiskEnvelopeMismatch',
    `the stored limits cannot be read: ${message}`,
    `put the last good version of ${LIMITS_KEY} back first: the bucket keeps all versions`,
    facts,
  );

type Asking = {
  readonly proposal: LimitsProposal;
  readonly environment: string;
  readonly applied: number;
  readonly last?: NonNullable<LimitsChange['last']>;
};

function proposed(state: Strategy, { proposal, environment, ...before }: Asking): Decision<LimitsChanged> {
  const { oldFile, newFile, oldLimits, newLimits, differences, reason, by, at, approval } = proposal;
  const step: RunStep = { strategyId: state.id, runId: runOf(approval), epoch: state.epoch };
  const told = { file: LIMITS_KEY, oldFile, newFile, oldLimits, newLimits, differences, reason };
  const question = {
    kind: 'limits' as const,
    document: {
      ...{ action: 'change risk limits', strategy: state.id, environment, ...told, epoch: state.epoch },
      nonce: nonceOf(step, `limits/${newFile}/${at}`),
      expiresAt: new Date(Date.parse(at) + SIGNED_WITHIN_MS).toISOString(),
    },
    requiredRoles: ['execution-trader' as const, 'risk-officer' as const],
  };
  const { entries, records = [] } = openApproval(state, step, question, new Date(at));
  return {
    state,
    entries: [{ type: 'limits.proposed', actor: by, run: step.runId, payload: { approval, ...told } }, ...entries],
    records: [{ kind: 'LIMITS', record: { ...before, id: state.id, proposed: proposal } }, ...records],
    reply: waiting(state.id, proposal),
  };
}

/** The name under which a question about limits stands in the ledger. */
export const runOf = (approval: LimitsProposal['approval']): RunId => RunId.parse(approval.replace(/-limits$/, ''));
