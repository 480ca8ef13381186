import type { Approval } from '../approval/approval.ts';
import { change } from '../change.ts';
import type { Decision } from '../decision.ts';
import { LIMITS_KEY } from '../launch/risk-limits.ts';
import { digestOfBytes } from '../ledger/digest.ts';
import type { EvidenceDocument } from '../ports/evidence.ts';
import { Refusal } from '../refusal.ts';
import type { Strategy } from '../strategy.ts';
import type { LimitsChange, LimitsProposal } from './limits-change.ts';
import type { ChangeLimits, LimitsChanged, LimitsPorts } from './limits-request.ts';
import { runOf } from './propose-limits.ts';

/** Writes the signed file over exactly the one that it was signed against; whoever came in between wins, and nothing is written. */
export async function storeLimits(
  { request: { file } }: ChangeLimits,
  { id, document }: Approval,
  stored: EvidenceDocument | undefined,
  { riskLimits }: LimitsPorts,
): Promise<void> {
  if (document['newFile'] !== digestOfBytes(file) || document['oldFile'] !== (stored?.hash ?? null))
    throw new Refusal('DigestMismatch', `${id} was signed about other files`, 'call the auditor', { approval: id });
  if (await riskLimits.replace(LIMITS_KEY, file, stored)) return;
  throw new Refusal('Contended', `${LIMITS_KEY} was changed a moment ago`, 'look at it, then propose the limits anew');
}

/** The entry of a change that is stored. Were it lost, the same request writes it: the file itself shows that it was stored. */
export async function recordLimits(
  { strategyId, key, request, caller }: ChangeLimits,
  proposal: LimitsProposal,
  ports: LimitsPorts,
): Promise<LimitsChanged> {
  const at = ports.now().toISOString();
  const decide = async (state: Strategy) => {
    const record = await ports.records.get('LIMITS', strategyId);
    return applied(state, { record, proposal, actor: caller.subject, at });
  };
  const { reply, receipt } = await change(strategyId, { key, body: { strategyId, ...request } }, decide, ports);
  return { ...reply, receipt };
}

type Applying = {
  readonly record: LimitsChange | undefined;
  readonly proposal: LimitsProposal;
  readonly actor: LimitsProposal['by'];
  readonly at: string;
};

function applied(state: Strategy, { record, proposal, actor, at }: Applying): Decision<LimitsChanged> {
  const { approval, oldFile, newFile, oldLimits, newLimits, differences } = proposal;
  const reply: LimitsChanged = {
    ...{ strategyId: state.id, status: 'applied', differences, approval },
    summary: `the limits of ${state.id} are stored; have the manifest approved for the new limits (${newLimits}), then launch: until then nothing launches it`,
  };
  if (record?.proposed?.approval !== approval) return { state, entries: [], reply }; // another request was faster
  return {
    state,
    entries: [
      {
        type: 'limits.applied',
        actor,
        run: runOf(approval),
        payload: { approval, file: LIMITS_KEY, oldFile, newFile, oldLimits, newLimits },
      },
    ],
    records: [
      { kind: 'LIMITS', record: { id: state.id, applied: record.applied + 1, last: { ...proposal, appliedAt: at } } },
    ],
    reply,
  };
}
