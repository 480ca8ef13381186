import { createCancellation } from '../cancellation.ts';
import type { Machine } from '../definition/machine.ts';
import type { Engine } from '../engine.ts';
import { newestEvent } from '../journal/events.ts';
import type { ExecutionRow } from '../journal/executions.ts';
import { linesOf } from '../journal/lines.ts';
import type { Json } from '../json.ts';
import type { Cursor, Run, Variables } from './line.ts';
import { runLine } from './run-line.ts';

type Stored = Pick<ExecutionRow, 'id' | 'arn' | 'name' | 'machine' | 'role' | 'input' | 'started' | 'definition'>;

/** What a running execution holds in memory, from its row and, at recovery, the cursors of its lines. */
export function createRun(engine: Engine, row: Stored): Run {
  const machine: Machine = JSON.parse(row.definition);
  const input: Json = JSON.parse(row.input);
  return {
    engine,
    id: row.id,
    arn: row.arn,
    name: row.name,
    machineName: row.machine,
    role: row.role,
    input,
    startedAt: row.started,
    machine,
    cancellation: createCancellation(),
    lastEvent: newestEvent(engine.journal, row.id),
    recovered: new Map(linesOf(engine.journal, row.id).map(({ path, ...line }) => [path, parseLine(line)])),
    follow: runLine,
  };
}

function parseLine(line: { cursor: string; variables: string }) {
  const cursor: Cursor = JSON.parse(line.cursor);
  const variables: Variables = JSON.parse(line.variables);
  return { cursor, variables };
}
