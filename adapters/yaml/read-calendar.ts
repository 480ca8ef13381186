import type { VenueCalendar } from '../../domain/market/calendar.ts';
import { CheckedCalendar } from '../../domain/market/checked-calendar.ts';
import { problemLines, readYaml } from './read-yaml.ts';

type Judged =
  | { readonly calendar: VenueCalendar; readonly wrong?: undefined }
  | { readonly calendar?: undefined; readonly wrong: string };

/** A calendar from the text of its file, which is called `<mic>.yaml`; or every mistake of the file, each with its line. */
export function judgeCalendar(text: string, file: string): Judged {
  const { value, problems } = readYaml(text, CheckedCalendar);
  if (problems) return { wrong: `${file} is no calendar:\n${problemLines(file, problems)}` };
  const expected = `${value.mic.toLowerCase()}.yaml`;
  const isCalledSo = file.split(/[\\/]/).at(-1) === expected;
  return isCalledSo ? { calendar: value } : { wrong: `${file} is the calendar of ${value.mic}: call it ${expected}` };
}

/** The same for those who cannot go on without: throws an Error with every mistake. */
export function readCalendar(text: string, file: string): VenueCalendar {
  const { calendar, wrong } = judgeCalendar(text, file);
  if (!calendar) throw new Error(wrong);
  return calendar;
}
