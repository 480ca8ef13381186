import { isObject, type Json } from '../json.ts';
import { checkFields, join, requireFields } from './check-fields.ts';
import type { Report } from './diagnostic.ts';
import { CATCH_FIELDS, RETRY_FIELDS } from './state-fields.ts';

type Handler = { readonly [name: string]: Json };

/** Retry and Catch: known fields, `States.ALL` alone and last, numbers in range. */
export function checkErrorHandlers(state: Handler, location: string, report: Report): void {
  for (const field of ['Retry', 'Catch'] as const) {
    const handlers = state[field];
    if (handlers === undefined) continue;
    if (!Array.isArray(handlers)) {
      report(join(location, field), `'${field}' must be an array`);
      continue;
    }
    handlers.forEach((handler, index) => {
      const at = `${location}/${field}[${index}]`;
      if (!isObject(handler)) report(at, `each entry of '${field}' must be an object`);
      else checkHandler(handler, { field, at, last: index === handlers.length - 1 }, report);
    });
  }
}

function checkHandler(
  handler: Handler,
  { field, at, last }: { field: 'Retry' | 'Catch'; at: string; last: boolean },
  report: Report,
) {
  checkFields(handler, field === 'Retry' ? RETRY_FIELDS : CATCH_FIELDS, at, report);
  if (!requireFields(handler, field === 'Retry' ? ['ErrorEquals'] : ['ErrorEquals', 'Next'], at, report)) return;
  const names = handler['ErrorEquals'];
  if (!Array.isArray(names) || names.length === 0 || names.some((name) => typeof name !== 'string')) {
    report(`${at}/ErrorEquals`, "'ErrorEquals' must be a list of error names");
  } else if (names.includes('States.ALL') && (names.length > 1 || !last)) {
    report(`${at}/ErrorEquals`, `'States.ALL' must stand alone, and in the last entry of '${field}'`);
  }
  if (field === 'Retry') checkNumbers(handler, at, report);
}

const RANGES: readonly (readonly [string, number, number])[] = [
  ['IntervalSeconds', 1, 99_999_999],
  ['MaxAttempts', 0, 99_999_999],
  ['MaxDelaySeconds', 1, 31_622_400],
  ['BackoffRate', 1, Number.MAX_VALUE],
];

function checkNumbers(retrier: Handler, at: string, report: Report) {
  for (const [field, least, most] of RANGES) {
    const value = retrier[field];
    if (value === undefined) continue;
    const whole = field === 'BackoffRate' || Number.isInteger(value);
    if (typeof value !== 'number' || !whole || value < least || value > most) {
      report(`${at}/${field}`, `'${field}' must be a number from ${least}`);
    }
  }
  const jitter = retrier['JitterStrategy'];
  if (jitter !== undefined && jitter !== 'FULL' && jitter !== 'NONE') {
    report(`${at}/JitterStrategy`, "'JitterStrategy' must be FULL or NONE");
  }
}
