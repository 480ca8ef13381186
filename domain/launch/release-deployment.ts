import * as z from 'zod';
import { change } from '../change.ts';
import { announce } from '../communications/announce.ts';
import type { Failure, Run } from '../control-record.ts';
import type { Decision } from '../decision.ts';
import { RunId } from '../ids.ts';
import { released } from '../lock/released.ts';
import { type ModeEvent, transition } from '../mode.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { readRun } from '../run-evidence.ts';
import { RunStep, type StepResult, stepKey, withLedgerIndex } from '../run-step.ts';
import type { Strategy } from '../strategy.ts';
import { eventOf, wordOf } from './event-of.ts';
import { failureOf } from './failure-of.ts';

export const ReleaseDeployment = RunStep.extend({
  failure: z.object({ Error: z.string().nullish(), Cause: z.string().nullish() }),
});
export type ReleaseDeployment = z.infer<typeof ReleaseDeployment>;

/** What is left when a run is withdrawn: after a launch the strategy is OFF, after a resumption as SAFE as it was. */
const WITHDRAWN = {
  launch: { event: 'withdraw', summary: 'not launched' },
  resume: { event: 'suspend', summary: 'not resumed' },
} as const satisfies Record<string, { event: ModeEvent; summary: string }>;

/** Undoes the intent and 'Lock deployment': the strategy is OFF, or SAFE again, and unlocked, and everybody is told why. A no-op where another run, a stop or a kill has taken over. */
export async function releaseDeployment(command: ReleaseDeployment, ports: Ports): Promise<StepResult> {
  const run = await readRun(command, ports);
  const failure = inWordsOf(run, failureOf(command.failure));
  const changed = await change(
    command.strategyId,
    stepKey(command, 'ReleaseDeployment'),
    (state) => release(state, run, failure, ports.now()),
    ports,
  );
  return withLedgerIndex(changed);
}

/** Gates are the same for both, and say what to do about a launch. */
const inWordsOf = (run: Run, failure: Failure): Failure =>
  failure.next === undefined
    ? failure
    : { ...failure, next: failure.next.replace('launch again', `${wordOf(run)} again`) };

/** The rule: withdraws what this run still holds, records its failure, and lets go of its lock. */
export function release(before: Strategy, run: Run, failure: Failure, now: Date): Decision<StepResult> {
  const word = wordOf(run);
  const withdrawn = withdraw(before, run);
  const { state, entries } = released(withdrawn, { runId: run.id, actor: run.requestedBy });
  const told = triggerOf(word, failure);
  const summary = `${told === 'launch-postponed' ? 'postponed' : WITHDRAWN[word].summary}: ${failure.message}`;
  const payload = { failure, mode: state.mode };
  return {
    state,
    entries: [{ type: eventOf(run, 'withdrawn'), actor: run.requestedBy, run: run.id, payload }, ...entries],
    records: [
      { kind: 'RUN', record: { ...run, failure, summary } },
      ...announce(told, { strategyId: state.id, runId: run.id, reason: failure.message }, now),
    ],
    reply: { summary, verdict: 'done' },
  };
}

/** How a launch that did not happen is told of: the market was not ready, the go/no-go said no, or anything else. */
function triggerOf(word: 'launch' | 'resume', { code }: Failure) {
  if (word === 'resume') return 'resume-withdrawn';
  if (code === 'LaunchPostponed') return 'launch-postponed';
  return code === 'NoGo' ? 'no-go' : 'launch-withdrawn';
}

/** A strategy that others hold by now is theirs; a killed one stays killed. */
function withdraw(state: Strategy, run: Run): Strategy {
  const { run: current, restriction: _over, ...rest } = state;
  const mode = transition(state.mode, WITHDRAWN[wordOf(run)].event);
  if (current?.id !== run.id || mode instanceof Refusal) return state;
  const before = RunId.safeParse(run.request['resumes']).data;
  return { ...rest, mode, ...(before && { run: { ...current, id: before } }) };
}
