import * as z from 'zod';
import type { HistoryEvent } from '../../domain/ports/executions.ts';

export type RunStepView = {
  name: string;
  status: 'running' | 'succeeded' | 'failed';
  startedAt: string;
  endedAt?: string;
  durationMs?: number;
  summary?: string;
};

const FAILED = /(?:Failed|TimedOut|Aborted)$/;
/** What no retry follows; after any other failure a state may be tried again. */
const ENDED_BADLY = /^(?:Execution|\w+State)(?:Failed|TimedOut|Aborted)$/;

/** The steps of a run, from the history of its execution: one for each state that was entered, with what it said about itself. */
export function runSteps(events: readonly HistoryEvent[]): RunStepView[] {
  const open = new Map<string, RunStepView & { failed: boolean }>();
  const steps: (RunStepView & { failed: boolean })[] = [];
  const entered = new Map<number, string>();
  for (const event of events) {
    const owner = ownerOf(event, entered);
    if (event.type.endsWith('StateEntered') && event.state !== undefined) {
      const step = { name: event.state, status: 'running' as const, startedAt: event.at, failed: false };
      open.set(event.state, step);
      steps.push(step);
      entered.set(event.id, event.state);
      continue;
    }
    if (owner !== undefined) entered.set(event.id, owner);
    const step = owner === undefined ? undefined : open.get(owner);
    if (step) advance(step, event);
  }
  return steps.map(({ failed: _internal, ...step }) => step);
}

/** The state an event belongs to, found through the chain of previous events. */
const ownerOf = (event: HistoryEvent, entered: ReadonlyMap<number, string>): string | undefined =>
  event.state ?? entered.get(event.previousId);

function advance(step: RunStepView & { failed: boolean }, event: HistoryEvent): void {
  if (FAILED.test(event.type)) step.failed = true;
  if (ENDED_BADLY.test(event.type))
    Object.assign(step, { status: 'failed', endedAt: event.at, durationMs: since(step, event) });
  if (/(?:Scheduled|Started)$/.test(event.type)) Object.assign(step, { failed: false, status: 'running' }); // tried again
  if (!event.type.endsWith('StateExited')) return;
  const { summary, verdict } = saidIn(event.details['output']);
  Object.assign(step, {
    status: step.failed || verdict === 'no-go' || verdict === 'postpone' ? 'failed' : 'succeeded',
    endedAt: event.at,
    durationMs: since(step, event),
    ...(summary !== undefined && { summary }),
  });
}

const since = (step: RunStepView, event: HistoryEvent): number => Date.parse(event.at) - Date.parse(step.startedAt);

/** What a step says about itself (architecture section 5). A gate that judged "no-go" did its work, and still is no success. */
const Said = z.object({
  summary: z.string().optional().catch(undefined),
  verdict: z.string().optional().catch(undefined),
});

function saidIn(output: unknown): z.infer<typeof Said> {
  try {
    return Said.catch({}).parse(JSON.parse(String(output)));
  } catch {
    return {}; // an output that is no JSON says nothing about itself
  }
}
