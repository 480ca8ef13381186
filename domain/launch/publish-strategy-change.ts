import type { Approval } from '../approval/approval.ts';
import { verifyApproval } from '../approval/verify-approval.ts';
import { readRegistration, readStrategy } from '../change.ts';
import type { GovernanceKey } from '../governance/governance-key.ts';
import { signChange } from '../governance/sign-change.ts';
import { STRATEGY_CHANGES, type StrategyChange } from '../governance/strategy-change.ts';
import { ActorId } from '../ids.ts';
import { requireUnchanged } from '../plan/require-unchanged.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { type RunStep, runStep, type StepResult } from '../run-step.ts';
import { planDigestOf } from './check-change-event.ts';

export type PublishPorts = Ports & { readonly governance: Pick<GovernanceKey, 'sign'> };

/**
 * Runbook 2.3, telemetry `governance.strategy_changes`: tells everybody which plan was confirmed, by whom, signed with a key of its own,
 * and records that it did. What is sent twice is the same to the byte. Refuses what `requireUnchanged` and `verifyApproval` refuse.
 */
export async function publishStrategyChange(command: RunStep, ports: PublishPorts): Promise<StepResult> {
  const approval = await requireUnchanged(command, ports);
  const [state, { environment }] = await Promise.all([
    readStrategy(command.strategyId, ports),
    readRegistration(command.strategyId, ports),
  ]);
  const confirmed = verifyApproval(approval, state, ports.now(), ports.demoAuthenticators);
  if (confirmed instanceof Refusal) throw confirmed;
  const change = changeOf(command, confirmed, environment);
  await ports.bus.publish(STRATEGY_CHANGES, await signChange(change, ports.governance));
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
          payload: { ...change, digest: confirmed.digest },
        },
      ],
      reply: { summary: `${change.signers.length} people confirmed ${change.planDigest}`, verdict: 'done' },
    }),
    ports,
  );
}

/** `at` is when the last of them signed, so that a repeated step says the same. */
function changeOf({ strategyId, runId, epoch }: RunStep, approval: Approval, environment: string): StrategyChange {
  const given = approval.signatures.filter(({ decision }) => decision === 'approve');
  return {
    ...{ strategy: strategyId, run: runId, environment, epoch },
    planDigest: planDigestOf(approval),
    documentDigest: approval.digest,
    signers: given.map(({ actor, role }) => ({ actor, role })),
    at: String(
      given
        .map(({ at }) => at)
        .toSorted()
        .at(-1),
    ), // there are two: it was verified
  };
}
