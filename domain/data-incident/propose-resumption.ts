import type { Caller } from '../approval/caller.ts';
import { change, readRegistration } from '../change.ts';
import { announce } from '../communications/announce.ts';
import type { Decision } from '../decision.ts';
import { ActorId, type RunId } from '../ids.ts';
import { coveringLatches } from '../kill/covering-latches.ts';
import { requireDrained } from '../kill/drain-spool.ts';
import { freezesGate } from '../launch/freezes-gate.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { type ResumeRequested, type Resuming, requestResume } from '../resume/request-resume.ts';
import { runName } from '../run-name.ts';
import type { RunStep, StepResult } from '../run-step.ts';
import { readSafe, safeModeStep } from '../safe-mode/safe-mode-step.ts';
import type { Strategy } from '../strategy.ts';
import type { DataIncident } from './data-incident.ts';
import { requireIncident } from './incident-of-run.ts';
import { feedWords } from './judge-oversight.ts';

const SERVICE = ActorId.parse('service:safe-mode');
const CALLER: Caller = { subject: SERVICE, roles: [], scopes: [], amr: [] };

/**
 * Runbook 5.2.3, once feeds are stable: asks for a resumption as anybody would, which reconciles, looks at everything again and waits for its
 * own two signatures; nothing is resumed by it. What may not be resumed now (a freeze, somebody who resumes already) is told, and people
 * resume by hand.
 */
export async function proposeResumption(command: RunStep, ports: Ports): Promise<StepResult> {
  await readSafe(command, ports);
  const incident = await requireIncident(command, ports);
  if (incident.proposal) return { summary: 'it was proposed already', verdict: 'nothing-to-do' };
  const runId = runName('resume', command.strategyId, `${command.runId}/proposal`, new Date(incident.openedAt));
  try {
    const { summary, epoch } = await ask(command, runId, ports);
    await ports.executions.start('resume', runId, { strategyId: command.strategyId, runId, epoch });
    return { summary, verdict: 'done' };
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === 'Contended') throw error; // the machine asks again
    return noteRefused(command, error, ports);
  }
}

/** The request, its place in the incident, and the message, in one write. */
async function ask({ strategyId, ...command }: RunStep, runId: RunId, ports: Ports): Promise<ResumeRequested> {
  await requireDrained(strategyId, ports);
  const [freezes, registration] = await Promise.all([
    freezesGate({ strategyId }, ports),
    readRegistration(strategyId, ports),
  ]);
  const decide = async (state: Strategy) => {
    const [under, incident] = await Promise.all([
      state.run && ports.records.get('RUN', state.run.id),
      requireIncident(command, ports),
    ]);
    const latches = await coveringLatches(registration, ports); // after the state: whoever latches now comes to the state later
    const request = { reason: `${feedWords(incident)} (${incident.id})` };
    const now = ports.now();
    const asked = requestResume(state, { caller: CALLER, runId, request, freezes, latches, under, now });
    return asked instanceof Refusal ? asked : proposed(asked, { command, incident, runId, now });
  };
  const key = { key: `${command.runId}/ProposeResumption`, body: { runId } };
  return (await change(strategyId, key, decide, ports)).reply;
}

type Proposing = {
  readonly command: Pick<RunStep, 'runId'>;
  readonly incident: DataIncident;
  readonly runId: RunId;
  readonly now: Date;
};

function proposed(asked: Resuming, { command, incident, runId, now }: Proposing): Decision<ResumeRequested> {
  const proposal = { at: now.toISOString(), runId };
  const reason = `${feedWords(incident)}; an execution trader and a risk officer are asked to sign ${runId}`;
  const about = { strategyId: incident.strategyId, runId: command.runId, reason, incident: incident.id };
  return {
    ...asked,
    entries: [
      ...asked.entries,
      {
        type: 'data-incident.resumption-proposed',
        actor: SERVICE,
        run: command.runId,
        payload: { incident: incident.id, proposal: runId, feeds: feedWords(incident) },
      },
    ],
    records: [
      ...asked.records,
      { kind: 'DATAINCIDENT', record: { ...incident, proposal, version: incident.version + 1 } },
      ...announce('resume-proposed', about, now),
    ],
  };
}

/** Throws SafeModeOver where that is why. */
const noteRefused = (command: RunStep, { code, message }: Refusal, ports: Ports): Promise<StepResult> =>
  safeModeStep(
    command,
    'ProposalRefused',
    async (state) => {
      const incident = await requireIncident(command, ports);
      const reason = `it may not be resumed now (${message}); it stays SAFE, resume it by hand`;
      const proposal = { at: ports.now().toISOString(), refused: message };
      const about = { strategyId: state.id, runId: command.runId, reason, incident: incident.id };
      return {
        state,
        entries: [
          {
            type: 'data-incident.proposal-ended',
            actor: SERVICE,
            run: command.runId,
            payload: { incident: incident.id, proposal: null, ended: message, code },
          },
        ],
        records: [
          { kind: 'DATAINCIDENT', record: { ...incident, proposal, version: incident.version + 1 } },
          ...announce('resume-proposed', about, ports.now()),
        ],
        reply: { summary: reason, verdict: 'warn' as const },
      };
    },
    ports,
  );
