import { expressionIn } from '../expressions/expression-in.ts';
import type { Json } from '../json.ts';
import { parseTimestamp } from '../parse-timestamp.ts';
import { join } from './check-fields.ts';
import type { Report } from './diagnostic.ts';

/** A Wait has one of Seconds and Timestamp; a constant one is checked now, an expression when it runs. */
export function checkWait(state: { readonly [name: string]: Json }, location: string, report: Report): void {
  const { Seconds: seconds, Timestamp: timestamp } = state;
  if ((seconds === undefined) === (timestamp === undefined)) {
    report(location, 'A Wait state needs exactly one of [Seconds, Timestamp]');
    return;
  }
  if (seconds !== undefined && !isExpression(seconds) && !(Number.isInteger(seconds) && Number(seconds) >= 0)) {
    report(join(location, 'Seconds'), "'Seconds' must be a whole number from 0, or an expression");
  }
  if (timestamp === undefined || isExpression(timestamp)) return;
  if (typeof timestamp === 'string' && parseTimestamp(timestamp) !== undefined) return;
  report(join(location, 'Timestamp'), "'Timestamp' must be an ISO 8601 date and time with offset, or an expression");
}

function isExpression(value: Json) {
  return typeof value === 'string' && expressionIn(value) !== undefined;
}
