import type { Approval } from '../approval/approval.ts';
import { verifyApproval } from '../approval/verify-approval.ts';
import { readStrategy, replyAgain } from '../change.ts';
import { LIMITS_KEY } from '../launch/risk-limits.ts';
import { digestOf, digestOfBytes } from '../ledger/digest.ts';
import { Refusal } from '../refusal.ts';
import type { Strategy } from '../strategy.ts';
import { recordLimits, storeLimits } from './apply-limits.ts';
import type { LimitsProposal } from './limits-change.ts';
import type { ChangeLimits, LimitsAtHand, LimitsChanged, LimitsPorts } from './limits-request.ts';
import { proposeLimits, waiting } from './propose-limits.ts';

/**
 * Changes the approved exposure of one strategy (runbook 1.4): an execution trader and a risk officer, two people, sign what changes; the
 * first request asks, the one after their signatures stores the very file they have signed, unless another is stored by now. It takes effect
 * with the next launch, whose manifest has to approve it. Refuses what is no limits file, with file, line and reason (InvalidRequest), one that
 * changes other strategies too, and a stored file that cannot be read (RiskEnvelopeMismatch).
 */
export async function changeLimits(command: ChangeLimits, ports: LimitsPorts): Promise<LimitsChanged> {
  const { strategyId, key, request } = command;
  const earlier = await ports.records.get('COMMAND', key);
  if (earlier) {
    const { reply, receipt } = replyAgain<LimitsChanged>(earlier, digestOf({ strategyId, ...request }), key);
    return { ...reply, receipt };
  }
  const [state, stored, record] = await Promise.all([
    readStrategy(strategyId, ports),
    ports.evidence.read(LIMITS_KEY),
    ports.records.get('LIMITS', strategyId),
  ]);
  const atHand = { stored, record, newFile: digestOfBytes(request.file) };
  const proposal = record?.proposed?.newFile === atHand.newFile ? record.proposed : undefined;
  const approval = proposal && (await ports.records.get('APPROVAL', proposal.approval));
  if (!proposal || !approval) return proposeLimits(command, atHand, ports);
  return goOn(command, { atHand, proposal, approval, state }, ports);
}

type Known = {
  readonly atHand: LimitsAtHand;
  readonly proposal: LimitsProposal;
  readonly approval: Approval;
  readonly state: Strategy;
};

/** With what was proposed before: it waits on, is stored, or is proposed anew since the world has moved on. */
async function goOn(command: ChangeLimits, known: Known, ports: LimitsPorts): Promise<LimitsChanged> {
  const { atHand, proposal, approval, state } = known;
  const { stored, newFile } = atHand;
  const signedOnce = approval.status === 'complete';
  if (signedOnce && stored?.hash === newFile) return recordLimits(command, proposal, ports); // stored by a request that then broke off
  const isOver = ports.now().toISOString() >= approval.expiresAt || approval.epoch !== state.epoch;
  if (isOver || (stored?.hash ?? null) !== proposal.oldFile) return proposeLimits(command, atHand, ports);
  if (approval.status === 'open') return waiting(command.strategyId, proposal);
  if (!signedOnce) return proposeLimits(command, atHand, ports);
  const signed = verifyApproval(approval, state, ports.now(), ports.demoAuthenticators);
  if (signed instanceof Refusal) throw signed;
  await storeLimits(command, signed, stored, ports);
  return recordLimits(command, proposal, ports);
}
