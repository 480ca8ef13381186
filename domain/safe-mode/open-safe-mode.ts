import { approvalId } from '../approval/open-approval.ts';
import { readRegistration } from '../change.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { readRun } from '../run-evidence.ts';
import type { RunStep, StepResult } from '../run-step.ts';
import { readSafe, type SafeStrategy, safeModeStep } from './safe-mode-step.ts';
import { safeModeTimes, verifiedBy } from './safe-mode-times.ts';

/** Runbook 5.2.1: sends home a resumption that waits for people, and says until when the venues have to have confirmed. Refuses a machine that was started by hand, which has no recorded intent. */
export async function openSafeMode(command: RunStep, ports: Ports): Promise<StepResult> {
  const [run, registration] = await Promise.all([readRun(command, ports), readRegistration(command.strategyId, ports)]);
  const sentHome = await sendHome(await readSafe(command, ports), ports);
  const times = await safeModeTimes(registration, ports);
  return safeModeStep(
    command,
    'OpenSafeMode',
    (state) => {
      const verifyUntil = verifiedBy(state.safeMode, times);
      return {
        state,
        entries: [
          { type: 'safe-mode.opened', actor: run.requestedBy, run: run.id, payload: { verifyUntil, sentHome } },
        ],
        reply: {
          summary: `${state.id} is SAFE; its venues have until ${verifyUntil} to say that nothing rests`,
          verdict: 'done' as const,
        },
      };
    },
    ports,
  );
}

/** The new epoch has fenced it already; its machine need not wait to learn that. Answers whether there was one. */
async function sendHome(
  { run, safeMode }: SafeStrategy,
  { records, executions }: Pick<Ports, 'records' | 'executions'>,
): Promise<boolean> {
  const approval = run && (await records.get('APPROVAL', approvalId({ runId: run.id }, 'resume')));
  if (approval?.status !== 'open' || approval.openedAt > safeMode.at) return false;
  const because = new Refusal(
    'LaunchAborted',
    `${safeMode.runId} takes it into safe mode`,
    'resume again when that is verified',
  );
  if (approval.taskToken !== undefined) await executions.fail(approval.taskToken, because);
  await records.put({ kind: 'APPROVAL', record: { ...approval, status: 'void' } });
  return true;
}
