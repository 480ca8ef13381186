import type { Journal } from './journal.ts';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** A stored execution, with the definition it was started with. Times are ms since the epoch. */
export interface ExecutionRow {
  readonly id: number;
  readonly arn: string;
  readonly machine: string;
  readonly name: string;
  readonly definition: string;
  readonly role: string;
  readonly status: ExecutionStatus;
  readonly input: string;
  readonly output: string | null;
  readonly error: string | null;
  readonly cause: string | null;
  readonly started: number;
  readonly stopped: number | null;
}

type NewExecution = Pick<ExecutionRow, 'arn' | 'machine' | 'name' | 'definition' | 'role' | 'input' | 'started'>;

export function findExecution(journal: Journal, arn: string): ExecutionRow | undefined {
  return journal.one<ExecutionRow>('SELECT * FROM execution WHERE arn = ?', arn);
}

export function runningExecutions(journal: Journal): ExecutionRow[] {
  return journal.all<ExecutionRow>(`SELECT * FROM execution WHERE status = 'RUNNING' ORDER BY id`);
}

/** Page of a machine's executions, newest first, older than the row `before`. */
export function listExecutions(
  journal: Journal,
  { machine, status, before, limit }: { machine: string; status: string | null; before: number; limit: number },
): ExecutionRow[] {
  return journal.all<ExecutionRow>(
    `SELECT * FROM execution WHERE machine = ? AND id < ? AND (?3 IS NULL OR status = ?3) ORDER BY id DESC LIMIT ?4`,
    machine,
    before,
    status,
    limit,
  );
}

/** Adds a running execution and returns its row id. */
export function insertExecution(journal: Journal, execution: NewExecution): number {
  const { arn, machine, name, definition, role, input, started } = execution;
  const row = journal.one<{ id: number }>(
    `INSERT INTO execution (arn, machine, name, definition, role, status, input, started)
     VALUES (?, ?, ?, ?, ?, 'RUNNING', ?, ?) RETURNING id`,
    arn,
    machine,
    name,
    definition,
    role,
    input,
    started,
  );
  if (!row) throw new Error(`the journal did not return the row of ${arn}`);
  return row.id;
}

/** Records how an execution ended. */
export function closeExecution(
  journal: Journal,
  id: number,
  end: Pick<ExecutionRow, 'status' | 'output' | 'error' | 'cause' | 'stopped'>,
): void {
  journal.run(
    'UPDATE execution SET status = ?, output = ?, error = ?, cause = ?, stopped = ? WHERE id = ?',
    end.status,
    end.output,
    end.error,
    end.cause,
    end.stopped,
    id,
  );
}
