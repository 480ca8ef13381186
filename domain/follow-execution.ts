import * as z from 'zod';
import { fileEndedRun } from './archive/file-ended-run.ts';
import { readStrategy } from './change.ts';
import { type Failure, Run } from './control-record.ts';
import { RunId } from './ids.ts';
import { disarmAndDisable } from './launch/disarm-and-disable.ts';
import { failureOf } from './launch/failure-of.ts';
import { releaseDeployment } from './launch/release-deployment.ts';
import { Machine } from './machine.ts';
import type { Ports } from './ports/ports.ts';
import { Refusal } from './refusal.ts';
import { startReview } from './review/start-review.ts';
import { readRun } from './run-evidence.ts';
import { goOnSafe } from './safe-mode/go-on-safe.ts';
import { abortWaiting } from './stop/abort-waiting.ts';
import { tellFailedStop } from './stop/tell-failed-stop.ts';
import { watchAgain } from './venue-incident/watch-again.ts';

/** The `Step Functions Execution Status Change` event of the execution-status rule. */
export const ExecutionStatusChange = z.object({
  detail: z.object({
    name: RunId,
    stateMachineArn: z.string(),
    status: Run.shape.status,
    stopDate: z.number().nullish(),
    input: z.string().nullish(),
    error: z.string().nullish(),
    cause: z.string().nullish(),
  }),
});
export type ExecutionStatusChange = z.infer<typeof ExecutionStatusChange>;

type Ended = ExecutionStatusChange['detail'];

/** A run's machine is told its run; by hand a strategy is enough. */
const Given = z.object({ strategyId: z.string(), runId: RunId.optional().catch(undefined) });

/**
 * Keeps the list of runs true, and ends what a machine could not end itself (architecture section 5): a kill that failed or
 * was aborted is started again, a launch or resumption that was aborted or timed out is compensated. What is over then has
 * its histories exported, and is reviewed (runbook 7). Every part may run twice.
 */
export async function followExecution({ detail }: ExecutionStatusChange, ports: Ports): Promise<{ summary: string }> {
  if (detail.status === 'RUNNING') return { summary: `${detail.name} started` };
  const given = givenTo(detail);
  const machine = Machine.safeParse(detail.stateMachineArn.split(':').at(-1)).data;
  const isLost = machine === 'kill' && detail.status !== 'SUCCEEDED';
  if (isLost && given) return restartKill(detail, given, ports); // needs no store: it may be the store that failed the kill
  const run = await ports.records.get('RUN', given?.runId ?? detail.name);
  if (isLost) return restartKill(detail, run, ports);
  const successor = await goOn(run, detail, ports);
  if (successor) return { summary: `${detail.name} ended ${detail.status}: ${successor} goes on` };
  if (run?.status === 'RUNNING') await ports.records.put({ kind: 'RUN', record: closed(run, detail, ports.now()) });
  const done = await afterEnd(run, machine, detail, ports);
  const review = run && (await lookBack(run, ports));
  return review ? { summary: `${done.summary}; ${review.id} looks back at it` } : done;
}

/** What is to be looked after still has a successor: the execution that goes on for the same run. */
const goOn = async (run: Run | undefined, detail: Ended, ports: Ports): Promise<string | undefined> =>
  (await watchAgain(run, detail, ports)) ?? goOnSafe(run, detail, ports);

/** Files what the end has left behind, and begins the review. A file that could not be written keeps nothing else from being done: it is thrown at the end, since that is asked for again, and the sweep tries it too. */
async function lookBack({ id }: Run, ports: Ports): Promise<Run | undefined> {
  const [filed] = await Promise.allSettled([fileEndedRun(id, ports)]);
  const review = await startReview(await readRun({ runId: id }, ports), ports); // as it is now: what was undone says more of it
  if (filed.status === 'rejected') throw filed.reason;
  return review;
}

async function afterEnd(
  run: Run | undefined,
  machine: Machine | undefined,
  detail: Ended,
  ports: Ports,
): Promise<{ summary: string }> {
  if (detail.status === 'SUCCEEDED') return { summary: `${detail.name} succeeded` };
  if (run && isUndone(machine)) return compensate(run, detail, ports);
  if (run && machine === 'stop') return tellFailedStop(run, failureIn(run, detail), ports);
  return { summary: `${detail.name} ended ${detail.status}` };
}

/** What a run of such a machine has done is undone when it does not succeed. */
const isUndone = (machine: Machine | undefined): boolean => machine === 'launch' || machine === 'resume';

const givenTo = ({ input }: Ended) => Given.safeParse(JSON.parse(input ?? '{}')).data;

const failureIn = (run: Run, { status, error, cause }: Pick<Ended, 'status' | 'error' | 'cause'>): Failure =>
  run.failure ?? failureOf({ Error: error ?? status, Cause: cause });

function closed(run: Run, { status, stopDate, error, cause }: Ended, now: Date): Run {
  const failure: Failure | undefined = status === 'SUCCEEDED' ? undefined : failureIn(run, { status, error, cause });
  return {
    ...run,
    status,
    endedAt: new Date(stopDate ?? now).toISOString(),
    ...(failure && { failure, summary: run.failure ? run.summary : `${status}: ${failure.message}` }),
  };
}

/** A kill never just ends: its successor takes over under the next name, and goes on for the same run, which stays open. */
async function restartKill(
  { name, status }: Ended,
  going: Run | z.infer<typeof Given> | undefined,
  { executions }: Ports,
): Promise<{ summary: string }> {
  if (!going) return { summary: `${name} ended ${status} and names no strategy` };
  const successor = successorOf(name);
  const runId = ('id' in going ? going.id : going.runId) ?? name;
  await executions.start('kill', successor, { strategyId: going.strategyId, runId });
  return { summary: `${name} ended ${status}: ${successor} goes on` };
}

/** `kill-x-20261124-abc` -> `kill-x-20261124-abc-2` -> `...-3`. */
export function successorOf(name: string): string {
  const count = /^(.*-[0-9a-f]{12})-(\d+)$/.exec(name);
  return count ? `${count[1]}-${Number(count[2]) + 1}` : `${name}-2`;
}

async function compensate(run: Run, { error, cause, status }: Ended, ports: Ports): Promise<{ summary: string }> {
  const state = await readStrategy(run.strategyId, ports);
  if (state.run?.id !== run.id) return { summary: `${run.id} ended ${status} and holds nothing any more` };
  const command = { strategyId: run.strategyId, runId: run.id, epoch: run.epoch };
  const ended = new Refusal('LaunchAborted', `${run.id} ended ${status}`, `${run.machine} again when you know why`);
  await abortWaiting(run.strategyId, ended, ports); // nobody shall sign for a machine that is gone
  await disarmAndDisable(command, ports);
  await releaseDeployment(
    { ...command, failure: { Error: error ?? status, Cause: cause ?? `the execution ended ${status}` } },
    ports,
  );
  return { summary: `${run.id} ended ${status}: withdrawn` };
}
