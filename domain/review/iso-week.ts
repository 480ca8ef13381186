import * as z from 'zod';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

/** A week as ISO 8601 counts them, e.g. `2026-W48`: from Monday 00:00 UTC on; week 1 holds the first Thursday of its year. */
export const IsoWeek = z
  .string()
  .regex(/^\d{4}-W\d{2}$/, 'a week is like 2026-W48')
  .refine((week) => isoWeekOf(new Date(startOf(week))) === week, 'that year has no such week');
export type IsoWeek = string;

/** The week that a moment falls into. */
export function isoWeekOf(at: Date): IsoWeek {
  const thursday = new Date(mondayOf(at.getTime()) + 3 * DAY_MS);
  const year = thursday.getUTCFullYear();
  const number = 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / WEEK_MS);
  return `${year}-W${String(number).padStart(2, '0')}`;
}

/** When a week begins, and when the next one does. */
export function weekTimes(week: IsoWeek): { readonly from: string; readonly to: string } {
  const from = startOf(week);
  return { from: new Date(from).toISOString(), to: new Date(from + WEEK_MS).toISOString() };
}

/** The last week that is over at a moment. */
export const weekBefore = (now: Date): IsoWeek => isoWeekOf(new Date(now.getTime() - WEEK_MS));

const mondayOf = (ms: number): number => {
  const midnight = Math.floor(ms / DAY_MS) * DAY_MS;
  return midnight - ((new Date(midnight).getUTCDay() + 6) % 7) * DAY_MS;
};

function startOf(week: string): number {
  const [year = '', number = ''] = week.split('-W');
  const fourth = Date.UTC(Number(year), 0, 4); // always in week 1
  return mondayOf(fourth) + (Number(number) - 1) * WEEK_MS;
}
