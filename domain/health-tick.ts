import * as z from 'zod';
import { keepIssuerKeys } from './access/keep-issuer-keys.ts';
import { sealRefusals } from './access/seal-refusals.ts';
import { fileEndedRuns } from './archive/file-ended-run.ts';
import { remindAttestation } from './attestation/remind-attestation.ts';
import { readRegistration } from './change.ts';
import { remindOfUpdates } from './communications/update-timer.ts';
import type { Run } from './control-record.ts';
import { drainSpool } from './kill/drain-spool.ts';
import { killCovered } from './kill/kill-covered.ts';
import { inTurns } from './kill/turns.ts';
import { voidChangedApprovals } from './plan/void-changed-approvals.ts';
import { beginDueHalts } from './planned-halt/begin-due-halts.ts';
import type { Ports } from './ports/ports.ts';
import { tellRestorations } from './recover/tell-restorations.ts';
import { resumeReviews } from './review/resume-reviews.ts';
import { sendDigest } from './review/send-digest.ts';
import { tellOverdue } from './review/tell-overdue.ts';
import { takeSnapshots } from './snapshot/take-snapshots.ts';
import { watchLeftOrders } from './stop/watch-left-orders.ts';
import type { Strategy } from './strategy.ts';

/**
 * What the schedule sends, and one wish: `sealNow` seals the refusals of the minute under way too, for somebody who cannot wait.
 * Nothing is lost by it: what comes later in that minute is counted anew.
 */
export const HealthTick = z.object({ sealNow: z.boolean().default(false) }).catch({ sealNow: false });
export type HealthTick = z.infer<typeof HealthTick>;

/** Everything but flags and engines: the sweep starts machines, and those act. */
export type TickPorts = Omit<Ports, 'flags' | 'engines'> & { readonly elapsedMs: () => number };

const KILLS_AT_A_TIME = 16;
const KILL_PATIENCE_MS = 10_000;
const OVER_AFTER_MS = 65_000; // from the beginning of a minute: 5 s for those whose clocks differ

/**
 * The scheduled sweep: planned halts whose time has come begin, and orders that stops have left are looked after; kills that wait in the spool are taken in, what a killed scope covers and is not killed yet is, and a
 * kill or a stop that was recorded, but whose machine could not be started then, gets it now. (A launch does not: nobody expects it any more, and stopping the strategy ends it. Nor does a recovery: it is asked for again.)
 * The time is noted for the health page, refused attempts of minutes that are over are sealed into the `access` log, and the
 * identity provider's keys are kept for a kill that comes while it is away. Questions whose plan has changed become void, and what was launched after a
 * kill is told as restored, or not. What live strategies' leases reported is kept once a minute, and what ended runs left is filed. Whoever leads the incident of a kill is reminded of half an hour without news. No
 * part keeps the others from being done; what went wrong is thrown at the end.
 */
export async function healthTick({ sealNow }: HealthTick, ports: TickPorts): Promise<{ summary: string }> {
  const faults: unknown[] = [];
  const tried = <T>(work: Promise<T>, otherwise: T): Promise<T> =>
    work.catch((fault: unknown) => {
      faults.push(fault);
      return otherwise;
    });
  const strategies = await ports.strategies.list();
  const drained = await Promise.all(strategies.map((state) => tried(drainSpool(state.id, ports), state)));
  const covered = await killAllCovered(drained, ports, tried);
  const begun = await tried(beginDueHalts(ports), 0);
  const resumed = await tried(resumeMachines(covered, ports), 0);
  const now = ports.now();
  await ports.records.put({ kind: 'TICK', record: { id: 'health', at: now.toISOString() } });
  const before = new Date(now.getTime() + (sealNow ? 1 : -OVER_AFTER_MS));
  const { sealed } = await tried(sealRefusals(before, ports), { sealed: 0 });
  await tried(keepIssuerKeys(ports), false);
  await tried(voidChangedApprovals(ports), 0);
  await tried(watchLeftOrders(ports), 0);
  await tried(tellRestorations(ports), 0);
  await tried(resumeReviews(ports), 0);
  await tried(tellOverdue(ports), 0);
  await tried(sendDigest({ ...ports, digests: ports.evidence }), undefined);
  await tried(remindAttestation(ports), false);
  await tried(remindOfUpdates(covered, ports), 0);
  await tried(takeSnapshots(covered, ports), 0);
  await tried(fileEndedRuns(ports), 0);
  if (faults.length > 0) throw new AggregateError(faults, faults.map(String).join('; '));
  return {
    summary: `${begun > 0 ? `${begun} planned halts begun, ` : ''}${resumed} machines resumed, ${sealed} refusals sealed`,
  };
}

/** Finishes what the kill of a scope began. */
async function killAllCovered(
  strategies: readonly Strategy[],
  ports: TickPorts,
  tried: <T>(work: Promise<T>, otherwise: T) => Promise<T>,
): Promise<readonly Strategy[]> {
  const latches = await tried(ports.records.all('LATCH'), []);
  if (latches.length === 0) return strategies;
  const turn = inTurns(KILLS_AT_A_TIME, KILL_PATIENCE_MS);
  const kill = async (state: Strategy) => killCovered(state, await readRegistration(state.id, ports), ports);
  return Promise.all(
    strategies.map((state) =>
      state.latch
        ? state
        : tried(
            turn(() => kill(state)),
            state,
          ),
    ),
  );
}

type Due = { machine: 'kill' | 'stop'; strategyId: string; runId: string; epoch: number };

/** How many machines were started. */
async function resumeMachines(strategies: readonly Strategy[], ports: TickPorts): Promise<number> {
  const runs = await ports.records.list('RUN');
  const unfinished = runs.filter(
    ({ machine, status }) => (machine === 'kill' || machine === 'stop') && status === 'RUNNING',
  );
  const due = [...latchedKills(strategies), ...unfinished.map(dueOf)];
  const once = new Map(due.map((each) => [each.runId, each]));
  const resumed = await Promise.all([...once.values()].map((each) => resume(each, ports)));
  return resumed.filter(Boolean).length;
}

const dueOf = ({ machine, strategyId, id, epoch }: Run): Due => ({
  machine: machine === 'stop' ? 'stop' : 'kill',
  strategyId,
  runId: id,
  epoch,
});

/** A kill that could only latch has no record of its run yet: its machine writes that. */
const latchedKills = (strategies: readonly Strategy[]): Due[] =>
  strategies.flatMap(({ id, epoch, latch }) =>
    latch && !latch.confirmedBy ? [{ machine: 'kill' as const, strategyId: id, runId: latch.runId, epoch }] : [],
  );

/** True when there was no execution of that name. Starting it twice at the same moment is starting it once. */
async function resume({ machine, ...input }: Due, { executions }: Pick<Ports, 'executions'>): Promise<boolean> {
  if (await executions.history(machine, input.runId, { limit: 1 })) return false;
  if (machine === 'stop') await executions.start('stop', input.runId, input);
  else await executions.start('kill', input.runId, input);
  return true;
}
