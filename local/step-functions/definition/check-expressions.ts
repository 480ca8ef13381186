import { checkExpression } from '../expressions/check-expression.ts';
import { expressionIn } from '../expressions/expression-in.ts';
import { isObject, type Json } from '../json.ts';
import type { Report } from './diagnostic.ts';

/** Parts of a state that are no templates, or that belong to an inner scope. */
const NOT_TEMPLATES = ['Type', 'Comment', 'Resource', 'Next', 'Default', 'Branches', 'ItemProcessor', 'ErrorEquals'];

/** Compiles every `{% %}` of a state and refuses what AWS forbids in it. */
export function checkExpressions(state: { readonly [name: string]: Json }, location: string, report: Report): void {
  for (const [field, value] of Object.entries(state)) {
    if (!NOT_TEMPLATES.includes(field)) checkTemplate(value, `${location}/${field}`, report);
    else if (hasExpression(value) && field !== 'Comment') {
      report(`${location}/${field}`, `'${field}' must be a constant, not an expression`);
    }
  }
}

function hasExpression(value: Json) {
  return typeof value === 'string' && expressionIn(value) !== undefined;
}

function checkTemplate(value: Json, location: string, report: Report): void {
  if (Array.isArray(value)) value.forEach((item, index) => checkTemplate(item, `${location}[${index}]`, report));
  else if (isObject(value)) checkExpressionsOf(value, location, report);
  else if (typeof value === 'string') {
    if (value.startsWith('{%') !== value.endsWith('%}')) {
      return report(location, 'A JSONata string starts with {% and ends with %}');
    }
    const expression = expressionIn(value);
    const refusal = expression === undefined ? undefined : checkExpression(expression);
    if (refusal) report(location, refusal);
  }
}

/** Inside Arguments, Output and the like every name is free; only the constant parts of Retry, Catch and Choices are not. */
function checkExpressionsOf(value: { readonly [name: string]: Json }, location: string, report: Report) {
  for (const [name, item] of Object.entries(value)) checkTemplate(item, `${location}/${name}`, report);
}
