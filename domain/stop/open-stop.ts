import { readRegistration } from '../change.ts';
import { announce } from '../communications/announce.ts';
import type { Run } from '../control-record.ts';
import { sha256 } from '../crypto/sha256.ts';
import { cleanReason } from '../kill/clean-reason.ts';
import { withHaltOfRun } from '../planned-halt/close-halts.ts';
import type { PlannedHalt } from '../planned-halt/planned-halt.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { readRun } from '../run-evidence.ts';
import type { RunStep, StepResult } from '../run-step.ts';
import { abortWaiting } from './abort-waiting.ts';
import { drainDeadline } from './drain-deadline.ts';
import { stopStep } from './stop-step.ts';

/** What the machine goes by: when the drain is over, and how long it waits for a sign-off. */
type Opened = StepResult & { readonly drainUntil: string; readonly signOffSeconds: number };

/** The machine goes on only when nobody can sign any more. */
const AFTER_EXPIRY_SECONDS = 30;

/** Runbook 4.1: announces the stop, puts it into the trading calendar, sends home a launch that waits for people, and sets the deadlines of the drain and its sign-off. */
export async function openStop(command: RunStep, ports: Ports): Promise<Opened> {
  const [registration, run] = await Promise.all([readRegistration(command.strategyId, ports), readRun(command, ports)]);
  const drainUntil = drainDeadline(run, registration);
  const signOffSeconds = registration.policy.drainSignOffMinutes * 60 + AFTER_EXPIRY_SECONDS;
  await abortWaiting(
    command.strategyId,
    new Refusal('LaunchAborted', `${run.id} stops the strategy`, 'launch again when the stop is done'),
    ports,
  );
  return stopStep(
    command,
    'OpenStop',
    async (state) => ({
      state,
      entries: [{ type: 'stop.opened', actor: run.requestedBy, run: run.id, payload: { drainUntil } }],
      records: [
        ...withHaltOfRun(state.id, await ports.records.get('PLANNEDHALT', state.id), haltOf(run), ports.now()),
        ...announce('planned-halt', { strategyId: state.id, runId: run.id, ...reasonOf(run) }, ports.now()),
      ],
      reply: {
        summary: `announced the stop of ${state.id}; it drains until ${drainUntil}`,
        verdict: 'done' as const,
        drainUntil,
        signOffSeconds,
      },
    }),
    ports,
  );
}

/** A stop at once stands in the calendar as a halt of its own. */
const haltOf = (run: Run): PlannedHalt => ({
  id: `halt-${sha256(`halt of ${run.id}`).toString('hex').slice(0, 12)}`,
  ...{ at: run.startedAt, status: 'under-way', by: run.requestedBy, begunAt: run.startedAt, run: run.id },
  ...reasonOf(run),
  ...(run.ticket !== undefined && { ticket: run.ticket }),
});

const reasonOf = ({ request: { reason } }: Run): { readonly reason?: string } =>
  typeof reason === 'string' ? { reason: cleanReason(reason) } : {};
