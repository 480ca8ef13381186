import { StateFailure } from '../failure.ts';
import { insertEvent } from '../journal/events.ts';
import type { Json } from '../json.ts';
import type { Line, Run } from './line.ts';

/** AWS ends an execution whose history reaches this many events. */
const EVENT_LIMIT = 25_000;
/** Room kept for the events of the end itself. */
const RESERVE = 40;

type Details = Readonly<Record<string, Json>>;

/** Adds an event to the history, inside a write. Does not move any line on. */
export function record(run: Run, type: string, details: Details, previous: number): number {
  run.lastEvent += 1;
  insertEvent(run.engine.journal, run.id, {
    id: run.lastEvent,
    previous,
    at: run.engine.ports.clock.now(),
    type,
    details: JSON.stringify(details),
  });
  return run.lastEvent;
}

/** Adds an event that follows the newest one of its line, and becomes it. */
export function emit(line: Line, type: string, details: Details = {}, previous = line.cursor.last): number {
  line.cursor.last = record(line.run, type, details, previous);
  return line.cursor.last;
}

/** Fails the execution before its history outgrows what AWS allows. */
export function requireRoom(line: Line): void {
  if (line.run.lastEvent < EVENT_LIMIT - RESERVE) return;
  throw new StateFailure({
    error: 'States.Runtime',
    cause: `The execution reached the maximum number of history events (${EVENT_LIMIT}).`,
    onlyByName: true,
  });
}

/** True while events that only explain an abort may still be added. */
export function hasRoom(run: Run): boolean {
  return run.lastEvent < EVENT_LIMIT - 2;
}
