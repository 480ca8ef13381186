import { isObject, type Json } from '../json.ts';
import { checkErrorHandlers } from './check-errors.ts';
import { checkFields, checkQueryLanguage, join, requireFields } from './check-fields.ts';
import type { Report } from './diagnostic.ts';
import { parseResource } from './resources.ts';
import { CHOICE_FIELDS, STATE_FIELDS } from './state-fields.ts';

type Fields = { readonly [name: string]: Json };

/** What one state must have, by its type; the scopes inside it are checked by the caller. */
export function checkState(name: string, state: Json, location: string, express: boolean, report: Report): void {
  if (name.length > 80) report(location, `The name of a state has at most 80 characters: '${name}'`);
  if (!isObject(state)) return report(location, `The state '${name}' must be an object`);
  const type = state['Type'];
  const allowed = typeof type === 'string' && Object.hasOwn(STATE_FIELDS, type) ? STATE_FIELDS[type] : undefined;
  if (!allowed)
    return report(join(location, 'Type'), `'Type' must be one of [${Object.keys(STATE_FIELDS).join(', ')}]`);
  checkQueryLanguage(state, location, report);
  checkFields(state, allowed, location, report);
  if (allowed.includes('End')) checkEnd(state, location, report);
  if (allowed.includes('Retry')) checkErrorHandlers(state, location, report);
  if (type === 'Task') checkTask(state, location, express, report);
  if (type === 'Choice') checkChoice(state, location, report);
  if (type === 'Wait' && 'Seconds' in state === 'Timestamp' in state) {
    report(location, 'A Wait state needs exactly one of [Seconds, Timestamp]');
  }
  if (type === 'Parallel') requireFields(state, ['Branches'], location, report);
  if (type === 'Map') requireFields(state, ['ItemProcessor'], location, report);
}

function checkEnd(state: Fields, location: string, report: Report) {
  const end = state['End'];
  if (end !== undefined && typeof end !== 'boolean') report(join(location, 'End'), "'End' must be a boolean");
  if ((end === true) === (state['Next'] !== undefined)) {
    report(location, 'A state needs exactly one of [Next, End: true]');
  }
}

function checkTask(state: Fields, location: string, express: boolean, report: Report) {
  if (!requireFields(state, ['Resource'], location, report)) return;
  const arn = state['Resource'];
  const at = join(location, 'Resource');
  const resource = typeof arn === 'string' ? parseResource(arn) : undefined;
  if (!resource) {
    const why = 'The value is not a valid resource ARN, or the resource is not available in this region.';
    return report(at, `The resource provided ${String(arn)} is not recognized. ${why}`);
  }
  if (!express || resource.pattern === 'request') return;
  const suffix = resource.pattern === 'callback' ? '.waitForTaskToken' : '.sync';
  report(at, `Express state machine does not support '${suffix}' service integration `);
}

function checkChoice(state: Fields, location: string, report: Report) {
  const choices = state['Choices'];
  if (!Array.isArray(choices) || choices.length === 0) {
    return report(join(location, 'Choices'), 'A Choice state needs at least one rule');
  }
  choices.forEach((rule, index) => {
    const at = `${location}/Choices[${index}]`;
    if (!isObject(rule)) return report(at, 'a rule must be an object');
    checkFields(rule, CHOICE_FIELDS, at, report);
    requireFields(rule, ['Condition', 'Next'], at, report);
  });
}
