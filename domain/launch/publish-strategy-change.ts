import { approvalId } from '../approval/open-approval.ts';
import { verifyApproval } from '../approval/verify-approval.ts';
import { readStrategy } from '../change.ts';
import { ActorId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { type RunStep, runStep, type StepResult } from '../run-step.ts';

/** Runbook 2.3, telemetry `governance.strategy_changes`: tells everybody which plan was confirmed, by whom, and records that it did. */
export async function publishStrategyChange(command: RunStep, ports: Ports): Promise<StepResult> {
  const approval = await ports.records.get('APPROVAL', approvalId(command, 'launch-confirmation'));
  const state = await readStrategy(command.strategyId, ports);
  const confirmed = verifyApproval(approval, state, ports.now(), ports.demoAuthenticators);
  if (confirmed instanceof Refusal) throw confirmed;
  const signers = confirmed.signatures.map(({ actor, role }) => ({ actor, role }));
  const change = {
    strategy: command.strategyId,
    run: command.runId,
    digest: confirmed.digest,
    signers,
    epoch: command.epoch,
  };
  await ports.bus.publish('governance.strategy_changes', change);
  return runStep(
    command,
    'PublishStrategyChange',
    (state) => ({
      state,
      entries: [
        {
          type: 'governance.strategy-change',
          actor: ActorId.parse('service:machine'),
          run: command.runId,
          payload: change,
        },
      ],
      reply: { summary: `${signers.length} people confirmed ${confirmed.digest}`, verdict: 'done' },
    }),
    ports,
  );
}
