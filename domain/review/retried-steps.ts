import * as z from 'zod';
import type { Run } from '../control-record.ts';
import type { HistoryEvent } from '../ports/executions.ts';
import type { Ports } from '../ports/ports.ts';
import type { Retried } from './run-facts.ts';

/** What a machine waits for on purpose, by trying again. */
const WAITING: ReadonlySet<string> = new Set([
  'OrdersResting',
  'ChangeNotRecorded',
  'NotConfirmedLive',
  'EvidenceUnderWay',
]);
const AT_ONCE = 1_000;
const MOST_PAGES = 25; // the history of an execution holds 25,000 events at most
const FAILED = /^(Task|LambdaFunction)(Failed|TimedOut)$/;

const Failure = z.object({ error: z.string() });

/** How often each state of a run failed by each error, by the history of its execution; what it waits for on purpose does not count. */
export async function retriedSteps(
  { id, machine }: Pick<Run, 'id' | 'machine'>,
  { executions }: { readonly executions: Pick<Ports['executions'], 'history'> },
): Promise<Retried[]> {
  const events: HistoryEvent[] = [];
  let nextToken: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await executions.history(machine, id, {
      limit: AT_ONCE,
      ...(nextToken !== undefined && { nextToken }),
    });
    events.push(...(page?.events ?? []));
    nextToken = page?.nextToken;
    if (nextToken === undefined) break;
  }
  return countFailures(id, events);
}

/** The rule, on the events of one execution, oldest first. */
export function countFailures(run: Run['id'], events: readonly HistoryEvent[]): Retried[] {
  const byId = new Map(events.map((event) => [event.id, event]));
  const counted = new Map<string, Retried>();
  for (const event of events.filter(({ type }) => FAILED.test(type))) {
    const error = Failure.safeParse(event.details).data?.error ?? event.type;
    if (WAITING.has(error)) continue;
    const state = stateOf(event, byId);
    const key = `${state}/${error}`;
    counted.set(key, { run, state, error, times: (counted.get(key)?.times ?? 0) + 1 });
  }
  return [...counted.values()];
}

/** Only what enters a state names it: the way there goes back over what came before. */
function stateOf(event: HistoryEvent, byId: ReadonlyMap<number, HistoryEvent>): string {
  let at: HistoryEvent | undefined = event;
  for (let steps = 0; at && at.state === undefined && steps < MOST_PAGES * AT_ONCE; steps += 1)
    at = byId.get(at.previousId);
  return at?.state ?? 'a state';
}
