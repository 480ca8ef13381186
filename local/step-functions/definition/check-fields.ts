import type { Json } from '../json.ts';
import type { Report } from './diagnostic.ts';
import { JSONPATH_FIELDS } from './state-fields.ts';

type Fields = { readonly [name: string]: Json };

/** Refuses fields that are not in the list, and says what replaces a JSONPath field. */
export function checkFields(value: Fields, allowed: readonly string[], location: string, report: Report): void {
  for (const field of Object.keys(value)) {
    if (allowed.includes(field)) continue;
    const instead = Object.hasOwn(JSONPATH_FIELDS, field) ? JSONPATH_FIELDS[field] : undefined;
    const why = instead ? `belongs to JSONPath; use ${instead}` : 'is not supported here';
    report(join(location, field), `The field '${field}' ${why}`);
  }
}

/** Refuses an object that lacks one of the required fields; true when all are there. */
export function requireFields(value: Fields, required: readonly string[], location: string, report: Report): boolean {
  const missing = required.filter((field) => value[field] === undefined);
  if (missing.length > 0) report(location, `These fields are required: [${missing.join(', ')}]`);
  return missing.length === 0;
}

/** Appends a step to a JSON pointer. */
export function join(location: string, step: string | number): string {
  return location === '/' ? `/${step}` : `${location}/${step}`;
}

/** JSONata must be set once, at the top; a state may repeat it but not leave it. */
export function checkQueryLanguage(value: Fields, location: string, report: Report): void {
  const language = value['QueryLanguage'];
  if (language === undefined || language === 'JSONata') return;
  if (language === 'JSONPath') {
    report(location, "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine");
  } else report(join(location, 'QueryLanguage'), "'QueryLanguage' must be 'JSONata'");
}
