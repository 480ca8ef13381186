import { approvalId } from '../approval/open-approval.ts';
import { change, readStrategy } from '../change.ts';
import { announce } from '../communications/announce.ts';
import { ActorId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { type RunStep, type StepResult, stepKey, withLedgerIndex } from '../run-step.ts';
import { askedElsewhere } from './asked-elsewhere.ts';
import { fileKillEvent } from './file-kill-event.ts';

/** Runbook 5.1.2: records the kill with both people, initiator and confirmer, in ledger and kill events. A repeated kill has none of its own. */
export async function recordKill(command: RunStep, ports: Ports): Promise<StepResult> {
  const { strategyId, runId } = command;
  const { latch } = await readStrategy(strategyId, ports);
  if (latch && latch.runId !== runId) return askedElsewhere(latch);
  const approval = await ports.records.get('APPROVAL', approvalId(command, 'kill-confirmation'));
  const confirmer = approval?.signatures.find(({ decision }) => decision === 'approve');
  if (!approval || !confirmer)
    throw new Refusal(
      'ApprovalClosed',
      'nobody has confirmed this kill',
      'ask another person in another role to confirm it',
    );
  const confirmed = {
    strategy: strategyId,
    run: runId,
    initiator: approval.excluded[0],
    confirmer: confirmer.actor,
    at: confirmer.at,
    digest: approval.digest,
  };
  await fileKillEvent(runId, 'confirmed', confirmed, ports);
  const changed = await change(
    strategyId,
    stepKey(command, 'RecordKill'),
    (state) => ({
      state: { ...state, ...(state.latch && { latch: { ...state.latch, confirmedBy: confirmer.actor } }) },
      entries: [{ type: 'kill.confirmed', actor: ActorId.parse('service:kill'), run: runId, payload: confirmed }],
      records: announce('kill-confirmed', { strategyId, runId }, ports.now()),
      reply: { summary: `the kill of ${strategyId} is confirmed by a second person`, verdict: 'done' as const },
    }),
    ports,
  );
  return withLedgerIndex(changed);
}
