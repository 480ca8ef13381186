import { checkExpression } from '../expressions/check-expression.ts';
import { expressionIn } from '../expressions/expression-in.ts';
import { isObject, type Json } from '../json.ts';
import type { Report } from './diagnostic.ts';

/** Parts of a state that are no templates, or that belong to an inner scope. */
const NOT_TEMPLATES = ['Type', 'Comment', 'Resource', 'Next', 'Default', 'Branches', 'ItemProcessor'];

/** Compiles every `{% %}` of a state and refuses what AWS forbids in it. */
export function checkExpressions(state: { readonly [name: string]: Json }, location: string, report: Report): void {
  for (const [field, value] of Object.entries(state)) {
    const at = `${location}/${field}`;
    if (!NOT_TEMPLATES.includes(field)) checkTemplate(value, at, report);
    else if (field !== 'Comment' && isExpression(value)) report(at, `'${field}' must be a constant, not an expression`);
  }
}

function isExpression(value: Json) {
  return typeof value === 'string' && expressionIn(value) !== undefined;
}

function checkTemplate(value: Json, location: string, report: Report): void {
  if (typeof value === 'string') checkText(value, location, report);
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) checkTemplate(item, `${location}[${index}]`, report);
  } else if (isObject(value)) {
    for (const [name, item] of Object.entries(value)) checkTemplate(item, `${location}/${name}`, report);
  }
}

function checkText(value: string, location: string, report: Report) {
  if (value.startsWith('{%') !== value.endsWith('%}')) {
    report(location, 'A JSONata string starts with {% and ends with %}');
    return;
  }
  const expression = expressionIn(value);
  const refusal = expression === undefined ? undefined : checkExpression(expression);
  if (refusal) report(location, refusal);
}
