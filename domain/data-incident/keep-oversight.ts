import { readRegistration } from '../change.ts';
import { announce } from '../communications/announce.ts';
import { ActorId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { RunStep, StepResult } from '../run-step.ts';
import { readSafe, safeModeStep } from '../safe-mode/safe-mode-step.ts';
import { safeModeTimes } from '../safe-mode/safe-mode-times.ts';
import type { DataIncident } from './data-incident.ts';
import { requireIncident } from './incident-of-run.ts';
import { afterLook, feedWords } from './judge-oversight.ts';
import { lookAtExposure } from './look-at-exposure.ts';

type Proposal = NonNullable<DataIncident['proposal']>;

/**
 * Runbook 5.2.3: one look at exposure and feeds, kept in the incident's record. Succeeds once every feed has been heard for as long as was
 * agreed and nothing has been proposed yet; until then, and while people are asked or resume by hand, it throws OversightGoesOn, and the
 * machine looks again. Throws SafeModeOver as soon as the strategy is resumed, stopped or killed.
 */
export async function keepOversight(command: RunStep, ports: Ports): Promise<StepResult> {
  await readSafe(command, ports);
  const registration = await readRegistration(command.strategyId, ports);
  const times = await safeModeTimes(registration, ports);
  const look = await lookAtExposure(registration, times, ports);
  const next = afterLook(await requireIncident(command, ports), look, times.stableSeconds);
  await ports.records.replace({ kind: 'DATAINCIDENT', record: next }); // whoever wrote a note first is read at the next look
  if (next.proposal) throw await whatBecameOfIt(command, next.proposal, ports);
  if (next.status !== 'stable') throw goesOn(feedWords(next));
  return { summary: `${feedWords(next)}: two people may be asked to resume`, verdict: 'go' };
}

const goesOn = (why: string): Refusal => new Refusal('OversightGoesOn', why, 'wait, or stop or kill the strategy');

/** While people are asked it goes on; a proposal that has ended without a resumption is told once, and the incident stays open. */
async function whatBecameOfIt(
  command: RunStep,
  { at, runId, refused, answer }: Proposal,
  ports: Ports,
): Promise<Refusal> {
  const over = refused ?? answer;
  if (over !== undefined || runId === undefined) return goesOn(`people resume it by hand: ${over}`);
  const run = await ports.records.get('RUN', runId);
  if (run?.status === 'RUNNING') return goesOn(`two people are asked to sign ${runId}`);
  const ended = run?.failure?.message ?? `${runId} has ended`;
  await tellUnanswered(command, { at, runId, answer: ended }, ended, ports);
  return goesOn(`people resume it by hand: ${ended}`);
}

const tellUnanswered = (command: RunStep, proposal: Proposal, ended: string, ports: Ports) =>
  safeModeStep(
    command,
    'ProposalEnded',
    async (state) => {
      const now = await requireIncident(command, ports);
      const reason = `it was not resumed (${ended}); it stays SAFE, resume it by hand`;
      return {
        state,
        entries: [
          {
            type: 'data-incident.proposal-ended',
            actor: ActorId.parse('service:safe-mode'),
            run: command.runId,
            payload: { incident: now.id, proposal: proposal.runId, ended },
          },
        ],
        records: [
          { kind: 'DATAINCIDENT', record: { ...now, proposal, version: now.version + 1 } },
          ...announce(
            'resume-proposed',
            { strategyId: state.id, runId: command.runId, reason, incident: now.id, occasion: 'ended' },
            ports.now(),
          ),
        ],
        reply: { summary: reason, verdict: 'warn' as const },
      };
    },
    ports,
  );
