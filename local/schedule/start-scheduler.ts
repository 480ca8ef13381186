import type { ScheduleDefinition } from '../template/schedules.ts';
import { type NextTime, parseSchedule } from './parse-schedule.ts';

export type SchedulerOptions = {
  readonly schedules: readonly ScheduleDefinition[];
  /** Calls the function; what it comes to is not waited for, and never repeated: a late tick is worthless. */
  readonly invoke: (functionName: string, event: string) => Promise<unknown>;
  readonly now: () => Date;
  readonly region: string;
  readonly account: string;
  readonly onFault: (what: string) => void;
  /** The function that is also called at once, as AWS calls what has a rate as soon as it is there: for what must not be missing for the first minute. */
  readonly atOnce?: string;
};

/** Longest delay that a timer takes; a longer one is waited for in parts. */
const longestMs = 2 ** 31 - 1;

/** Fires the schedules of the template. Throws, naming the schedule, when one cannot be read. What came due while the host was down is not made up for. */
export function startScheduler(options: SchedulerOptions): { stop(): void } {
  const since = options.now();
  const armed = options.schedules.map((schedule) => arm(schedule, read(schedule, since), options));
  return {
    stop() {
      for (const disarm of armed) disarm();
    },
  };
}

function read({ name, expression, timeZone }: ScheduleDefinition, since: Date): NextTime {
  try {
    return parseSchedule(expression, timeZone, since);
  } catch (cause) {
    throw new Error(`Schedule ${name}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function arm(schedule: ScheduleDefinition, next: NextTime, options: SchedulerOptions): () => void {
  let timer: NodeJS.Timeout | undefined;
  const wait = (due: Date) => {
    const left = due.getTime() - options.now().getTime();
    timer = left > longestMs ? setTimeout(() => wait(due), longestMs) : setTimeout(() => fire(due), Math.max(0, left));
    timer.unref();
  };
  const call = (due: Date) => {
    options
      .invoke(schedule.functionName, eventOf(schedule, due, options))
      .catch((fault: unknown) => options.onFault(`Schedule ${schedule.name}: ${String(fault)}`));
  };
  const fire = (due: Date) => {
    call(due);
    waitForNext(due);
  };
  const waitForNext = (after: Date) => {
    const due = next(new Date(Math.max(after.getTime(), options.now().getTime())));
    if (due) wait(due);
  };
  if (schedule.functionName === options.atOnce) call(options.now());
  waitForNext(options.now());
  return () => clearTimeout(timer);
}

/** `2026-11-23T09:00:00Z`, as Scheduler writes it. */
const seconds = (at: Date) => `${at.toISOString().slice(0, 19)}Z`;

function eventOf({ name, input }: ScheduleDefinition, due: Date, { region, account }: SchedulerOptions): string {
  if (input !== undefined) return input.replaceAll('<aws.scheduler.scheduled-time>', seconds(due));
  return JSON.stringify({
    version: '0',
    id: `${name}-${due.getTime()}`,
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account,
    time: seconds(due),
    region,
    resources: [`arn:aws:events:${region}:${account}:rule/${name}`],
    detail: {},
  });
}
