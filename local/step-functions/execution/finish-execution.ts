import type { StateFailure } from '../failure.ts';
import { closeExecution, type ExecutionStatus, findExecution } from '../journal/executions.ts';
import { deleteLines } from '../journal/lines.ts';
import { enqueueStatus } from '../journal/outbox.ts';
import { closeTokensOf } from '../journal/tokens.ts';
import type { Json } from '../json.ts';
import { record } from './history.ts';
import type { Run } from './line.ts';
import { statusEvent } from './status-event.ts';

interface End {
  readonly status: ExecutionStatus;
  /** Type of the last event. */
  readonly type: string;
  readonly previous: number;
  readonly output?: string;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

/** Ends an execution in one transaction: last event, status, tokens, and the status event for the host. */
export function finishExecution(run: Run, { status, type, previous, output, error, cause }: End): void {
  const { engine, id, arn } = run;
  const { journal, ports, region } = engine;
  journal.write(() => {
    const details: Record<string, Json> = {
      ...(output !== undefined && { output }),
      ...(error !== undefined && { error }),
      ...(cause !== undefined && { cause }),
    };
    record(run, type, details, previous);
    const stopped = ports.clock.now();
    closeExecution(journal, id, {
      status,
      output: output ?? null,
      error: error ?? null,
      cause: cause ?? null,
      stopped,
    });
    deleteLines(journal, id);
    closeTokensOf(journal, id);
    const row = findExecution(journal, arn);
    if (row) enqueueStatus(journal, id, JSON.stringify(statusEvent(row, region, ports.id())));
  });
  engine.runs.delete(arn);
  run.cancellation.cancel();
  for (const listener of engine.completions.get(arn) ?? []) listener();
  engine.completions.delete(arn);
  engine.announce();
}

export function succeed(run: Run, output: Json, previous: number): void {
  finishExecution(run, { status: 'SUCCEEDED', type: 'ExecutionSucceeded', previous, output: JSON.stringify(output) });
}

export function fail(run: Run, { error, cause }: StateFailure, previous: number): void {
  finishExecution(run, { status: 'FAILED', type: 'ExecutionFailed', previous, error, cause });
}
