import * as z from 'zod';
import { type Background, newBackground } from './background.ts';
import { besideTheLooks } from './beside-the-looks.ts';
import { inTime } from './in-time.ts';
import { isComplete, type Known, readKnown } from './known.ts';
import { rememberAlerts } from './remember-alerts.ts';
import { renewWatch, takeWatch } from './take-watch.ts';
import { type TickPorts, tick } from './tick.ts';
import { nextTick } from './tick-times.ts';
import { newWatchMemory, type WatchMemory } from './watch-memory.ts';
import type { WatchRecord } from './watch-record.ts';

/** How long one invocation watches when none follows: one that is lost leaves no gap, since they come each minute. Its Lambda has 25 s more. */
const LONGEST_S = 125;

/** What the schedule sends, and one wish: `forSeconds`, for somebody who wants no more than a few looks. */
export const Watch = z
  .object({ forSeconds: z.int().min(0).max(LONGEST_S).default(LONGEST_S) })
  .catch({ forSeconds: LONGEST_S });
export type Watch = z.infer<typeof Watch>;

/** How long a store may take for what has to be read or written before a look, and what was begun to end, in milliseconds. */
const STORE_MS = 3_000;
const END_MS = 5_000;
/** A watch that has not ticked for so long stands still. In milliseconds. */
const STILL_MS = 5_000;

/** One invocation: `held` is its watch as it was written last. */
type Term = {
  readonly holder: string;
  readonly memory: WatchMemory;
  readonly background: Background;
  held: WatchRecord | undefined;
  ticks: number;
  missed: number;
  /** How often each duty beside the looks was begun. */
  readonly done: Map<string, number>;
};

/**
 * Runbook 3, product decision 6: looks at every strategy each second, until another invocation has taken over, or its time is over. Taking over is the first tick of
 * the new one, which knows all that it needs by then; the one before is refused at its next tick and ends, so there is neither a gap nor a second that acts. A tick
 * that cannot write that it happened looks at nothing: whoever may have been replaced does not act, and with the store away engines lose their leases.
 */
export async function watch({ forSeconds }: Watch, ports: TickPorts): Promise<{ summary: string }> {
  const background = newBackground((what, fault) =>
    ports.log({ outcome: 'fault', message: `${what}: this went wrong beside the ticks`, error: String(fault) }),
  );
  const term: Term = {
    ...{ holder: ports.newId(), memory: newWatchMemory(), background, held: undefined },
    ...{ ticks: 0, missed: 0, done: new Map() },
  };
  const startedAt = ports.elapsedMs();
  const since = () => ports.elapsedMs() - startedAt;
  let isOver = false;
  for (let due = 0; due < forSeconds * 1_000 && !isOver; due = nextTick(since())) {
    await ports.pause(Math.max(0, due - since()));
    isOver = !(await beat(term, ports));
    const { memory, done } = term;
    if (!isOver && memory.known) besideTheLooks({ known: memory.known, memory, background }, since(), done, ports);
  }
  await Promise.race([background.ended(), ports.pause(END_MS)]);
  ports.metrics.flush();
  return { summary: summaryOf(term, isOver) };
}

/** One tick; false once another has taken over. What goes wrong is a tick that was missed, and the next one tries again. */
async function beat(term: Term, ports: TickPorts): Promise<boolean> {
  const { memory, background } = term;
  try {
    const known = await prepare(term, ports);
    if (!known) return true;
    const renewed = await inTime('taking the watch', STORE_MS, holdOn(term, ports), ports.pause);
    if (!renewed) return false;
    if (!term.held) await inherit(memory, ports);
    term.held = renewed;
    await tick({ known, memory, background }, ports);
    term.ticks += 1;
    ports.ticked();
  } catch (fault) {
    term.missed += 1;
    ports.log({ outcome: 'fault', message: 'a tick of the watchdog was missed', error: String(fault) });
  }
  return true;
}

/** Whoever does not know all that it needs leaves the watch to the one before, which does, for as long as that looks. */
async function prepare({ held, memory }: Term, ports: TickPorts): Promise<Known | undefined> {
  if (held && memory.known) return memory.known;
  const known = await inTime('reading', STORE_MS, readKnown(memory.known, ports), ports.pause);
  memory.known = known;
  return isComplete(known) || !(await isWatched(ports)) ? known : undefined;
}

/** A time that is far ahead of ours says no more than one that is long over. */
async function isWatched({ records, now }: TickPorts): Promise<boolean> {
  const stands = await records.get('WATCH', 'watchdog');
  return stands !== undefined && Math.abs(now().getTime() - Date.parse(stands.at)) < STILL_MS;
}

const holdOn = ({ held, holder }: Term, ports: TickPorts): Promise<WatchRecord | undefined> =>
  held ? renewWatch(held, ports) : takeWatch(holder, ports);

/** Alerts that cannot be read now are taken in within the minute; what they tell of is found again meanwhile. */
async function inherit(memory: WatchMemory, ports: TickPorts): Promise<void> {
  try {
    const open = await inTime('open alerts', STORE_MS, ports.records.all('ALERT'), ports.pause);
    rememberAlerts(open, memory, ports.now());
  } catch (fault) {
    ports.log({ outcome: 'fault', message: 'open alerts could not be read', error: String(fault) });
  }
}

function summaryOf({ held, ticks, missed }: Term, isOver: boolean): string {
  const end = isOver ? 'until the next one took over' : 'until its time was over';
  return `watched as term ${held?.term ?? 'none'} ${end}: ${ticks} ticks${missed > 0 ? `, ${missed} missed` : ''}`;
}
