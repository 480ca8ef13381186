import type { Run } from '../control-record.ts';
import { canonicalJson } from '../ledger/canonical-json.ts';
import type { HistoryEvent } from '../ports/executions.ts';
import type { Ports } from '../ports/ports.ts';
import { runKey } from '../run-key.ts';
import { parted } from './parted.ts';
import { writeFirst } from './write-first.ts';

const AT_ONCE = 500;
const MOST_PAGES = 60; // a machine has at most 25,000 events
const MOST_EXECUTIONS = 200; // successors of one kill
/** How an execution ends: one whose history does not end so is under way, or not yet told whole. */
const ENDINGS = /^Execution(Succeeded|Failed|TimedOut|Aborted)$/;

export type ExportPorts = Pick<Ports, 'evidence' | 'executions'>;

/**
 * The histories of a run's executions, that of its successors too (`<run>-2`, ...), as `executions/<name>.jsonl` in its folder: all events, task tokens
 * taken out, once. AWS keeps them for 90 days only. Answers whether all of them have ended and stand there now.
 */
export async function exportHistories(run: Run, ports: ExportPorts): Promise<boolean> {
  for (let count = 1; count <= MOST_EXECUTIONS; count += 1) {
    const name = count === 1 ? run.id : `${run.id}-${count}`;
    const exported = await exportHistory(run, name, ports);
    if (exported === 'no such execution') return true; // none was ever started, or these were all
    if (exported === 'under way') return false;
  }
  return true;
}

async function exportHistory(
  run: Run,
  name: string,
  ports: ExportPorts,
): Promise<'no such execution' | 'under way' | 'there'> {
  const file = `executions/${name}.jsonl`;
  if (await ports.evidence.read(runKey(run, file))) return 'there';
  const events = await allEvents(run, name, ports);
  const last = events.at(-1);
  if (!last) return 'no such execution';
  if (!ENDINGS.test(last.type)) return 'under way';
  const parts = parted(file, events.map(canonicalJson));
  for (const part of parts.toReversed()) await writeFirst(runKey(run, part.file), part.text, ports); // the first part last: it says that all are there
  return 'there';
}

async function allEvents({ machine }: Run, name: string, { executions }: ExportPorts): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  let nextToken: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await executions.history(machine, name, { limit: AT_ONCE, nextToken });
    events.push(...(page?.events ?? []));
    nextToken = page?.nextToken;
    if (nextToken === undefined) break;
  }
  return events;
}
