import * as z from 'zod';
import type { RunId } from '../ids.ts';
import type { Checklist } from './checklist.ts';
import type { SoundEntry } from './sound-log.ts';

/** What happened in a trading run, as its log tells it. */
export type Course = {
  /** The entries of the run, and of the stop, kills, resumptions, review and attestations that belong to it. */
  readonly entries: readonly SoundEntry[];
  readonly state: Checklist['course'];
  /** It was allowed to trade at some time. */
  readonly wasLive: boolean;
  readonly stops: readonly string[];
  readonly kills: readonly string[];
  /** When it was stopped, withdrawn or killed. */
  readonly endedAt?: string | undefined;
};

/** What entries of other runs say about the run that they belong to. */
const Naming = z.object({
  run: z.string().optional().catch(undefined),
  reviews: z.string().optional().catch(undefined),
  document: z
    .object({ run: z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

const BEGINS = 'launch.requested';
const ENDS = ['stop.confirmed', 'launch.withdrawn'];
/** Entries that begin something which belongs to the run that they stand in. */
const BEGINS_PART = [
  ...['stop.requested', 'kill.requested', 'kill.reaffirmed', 'resume.requested'],
  ...['safe-mode.entered', 'safe-mode.reaffirmed'],
];

/**
 * Takes the entries of one run out of its strategy's log. Until the run is over everything there is its own: after that, what names it, or
 * a part of it. A run ends with its stop or its withdrawal; one that was killed with its recovery, or with the next launch.
 */
export function courseOfRun(runId: RunId, entries: readonly SoundEntry[]): Course {
  const parts = new Set<string>([runId]);
  const own = untilOver(runId, entries).flatMap(({ each, isOver }) =>
    isOwn(each, isOver, runId, parts) ? [each] : [],
  );
  return { entries: own, ...told(own) };
}

/** Whether the run was over already when each entry was written. */
function untilOver(runId: RunId, entries: readonly SoundEntry[]): { each: SoundEntry; isOver: boolean }[] {
  let [over, killed] = [false, false];
  return entries.map((each) => {
    const { type, run } = each.entry;
    over ||= type === BEGINS && run !== runId;
    const isOver = over;
    killed ||= !over && type === 'kill.requested';
    over ||= killed ? type === 'recovery.lifted' : ENDS.includes(type);
    return { each, isOver };
  });
}

/** Takes down the parts of the run on the way: what they write later is the run's, too. */
function isOwn(each: SoundEntry, isOver: boolean, runId: RunId, parts: Set<string>): boolean {
  const { type, run } = each.entry;
  const isNamed = (run !== undefined && parts.has(run)) || names(each, runId);
  if (run !== undefined && (isNamed || (!isOver && BEGINS_PART.includes(type)))) parts.add(run);
  return isNamed || !isOver;
}

function names({ entry: { payload } }: SoundEntry, runId: RunId): boolean {
  const { run, reviews, document } = Naming.parse(payload);
  return [run, reviews, document?.run].includes(runId);
}

function told(own: readonly SoundEntry[]): Omit<Course, 'entries'> {
  const runsOf = (type: string) => own.flatMap(({ entry }) => (entry.type === type && entry.run ? [entry.run] : []));
  const has = (type: string) => own.some(({ entry }) => entry.type === type);
  const wasLive = has('launch.live');
  return {
    state: stateOf(has, wasLive),
    wasLive,
    stops: [...new Set(runsOf('stop.requested'))],
    kills: [...new Set(runsOf('kill.requested'))],
    endedAt: own.findLast(({ entry }) => [...ENDS, 'kill.requested'].includes(entry.type))?.entry.at,
  };
}

function stateOf(has: (type: string) => boolean, wasLive: boolean): Course['state'] {
  if (has('kill.requested')) return 'killed';
  if (has('stop.confirmed')) return 'stopped';
  if (has('launch.withdrawn')) return 'withdrawn';
  if (has('stop.requested')) return 'stopping';
  return wasLive ? 'live' : 'launching';
}
