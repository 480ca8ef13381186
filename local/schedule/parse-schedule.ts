import { Cron } from 'croner';
import { translateCron } from './translate-cron.ts';

/** When a schedule fires next after an instant; undefined when it never does again. */
export type NextTime = (after: Date) => Date | undefined;

const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/**
 * Reads `rate(...)`, `cron(...)` or `at(...)` of EventBridge. A rate counts from `since`. Throws on anything else; a schedule that
 * silently never fires is worse than a host that does not start.
 */
export function parseSchedule(expression: string, timeZone: string, since: Date): NextTime {
  const [, kind = '', text = ''] = /^(rate|cron|at)\((.+)\)$/.exec(expression.trim()) ?? [];
  switch (kind) {
    case 'rate':
      return rate(text, since);
    case 'cron':
      return cron(text, timeZone);
    case 'at':
      return at(text, timeZone);
    default:
      throw new Error(`"${expression}" is none of rate(...), cron(...) and at(...)`);
  }
}

function rate(text: string, since: Date): NextTime {
  const [, count, unit, plural] = /^([1-9]\d*) (minute|hour|day)(s?)$/.exec(text) ?? [];
  if ((unit !== 'minute' && unit !== 'hour' && unit !== 'day') || (Number(count) === 1) === (plural === 's'))
    throw new Error(`rate(${text}) is not "1 minute" or "n minutes", hours or days`);
  const period = Number(count) * unitMs[unit];
  return (after) => {
    const periods = Math.floor((after.getTime() - since.getTime()) / period) + 1;
    return new Date(since.getTime() + Math.max(1, periods) * period);
  };
}

function cron(text: string, timezone: string): NextTime {
  const pattern = translateCron(text);
  const job = readCron(pattern, timezone, text);
  return (after) => job.nextRun(after) ?? undefined;
}

function readCron(pattern: string, timezone: string, text: string): Cron {
  try {
    const job = new Cron(pattern, { timezone, paused: true, mode: '7-part' });
    job.nextRun(new Date(0)); // an unknown time zone shows only now
    return job;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`cron(${text}) in ${timezone} cannot be served: ${reason}`, { cause });
  }
}

function at(text: string, timezone: string): NextTime {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text)) throw new Error(`at(${text}) is not yyyy-mm-ddThh:mm:ss`);
  const instant = new Cron(text, { timezone, paused: true }).nextRun(new Date(0)) ?? undefined;
  return (after) => (instant && instant > after ? instant : undefined);
}
