/**
 * EventBridge's cron (`minute hour day-of-month month day-of-week year`, weekdays 1-7 from Sunday) in croner's seven fields
 * (seconds first, weekdays 0-6 from Sunday). Throws on what croner would refuse or read otherwise: never passed through.
 */
export function translateCron(expression: string): string {
  const fields = expression.trim().split(/\s+/);
  const [minute, hour, day, month, weekday, year] = fields;
  if (fields.length !== 6 || !minute || !hour || !day || !month || !weekday || !year)
    throw new Error(
      `cron(${expression}) has ${fields.length} fields; EventBridge has six: minute hour day month weekday year`,
    );
  if ((day === '?') === (weekday === '?'))
    throw new Error(`cron(${expression}): exactly one of day of month and day of week has to be "?"`);
  const parts = [
    steps(minute, '0-59'),
    steps(hour, '0-23'),
    day === '?' ? '*' : dayOfMonth(day, expression),
    steps(month, '1-12'),
    weekday === '?' ? '*' : daysOfWeek(weekday, expression),
    steps(year, '1970-2199'),
  ];
  return ['0', ...parts].join(' ');
}

/** `0/5` is `0-59/5`: croner refuses a number before the stroke. */
function steps(field: string, range: string): string {
  const [, last] = range.split('-');
  return field
    .split(',')
    .map((part) => part.replace(/^(\d+)\//, (_, start: string) => `${start}-${last}/`))
    .join(',');
}

function dayOfMonth(field: string, expression: string): string {
  if (/L-/.test(field))
    throw new Error(`cron(${expression}): "${field}" as a day of month is not served on one machine`);
  return steps(field, '1-31');
}

function daysOfWeek(field: string, expression: string): string {
  return field
    .split(',')
    .map((part) => dayOfWeek(part, expression))
    .join(',');
}

/** Shifts each weekday by one; a number after `#` or `/` is no weekday. */
function dayOfWeek(part: string, expression: string): string {
  if (part === 'L')
    throw new Error(`cron(${expression}): a lone "L" as a day of week is not served on one machine; write 7L`);
  const [days = '', suffix = ''] = part.split(/(?=[#/])/);
  const shifted = days.replace(/\d+/g, (digits) => {
    const weekday = Number(digits);
    if (weekday < 1 || weekday > 7)
      throw new Error(`cron(${expression}): days of week are 1 (Sunday) to 7, not ${digits}`);
    return String(weekday - 1);
  });
  return suffix.startsWith('/') && /^\d+$/.test(shifted) ? `${shifted}-6${suffix}` : shifted + suffix;
}
