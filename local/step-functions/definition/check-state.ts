import { isObject, type Json } from '../json.ts';
import { checkErrorHandlers } from './check-errors.ts';
import { checkFields, checkQueryLanguage, join, requireFields } from './check-fields.ts';
import { checkTask } from './check-task.ts';
import { checkWait } from './check-wait.ts';
import type { Report } from './diagnostic.ts';
import { CHOICE_FIELDS, STATE_FIELDS } from './state-fields.ts';

type Fields = { readonly [name: string]: Json };

interface Subject {
  readonly name: string;
  readonly state: Json;
  readonly location: string;
  readonly express: boolean;
}

/** What one state must have, by its type; the scopes inside it are checked by the caller. */
export function checkState({ name, state, location, express }: Subject, report: Report): void {
  if (name.length > 80) report(location, `The name of a state has at most 80 characters: '${name}'`);
  if (!isObject(state)) {
    report(location, `The state '${name}' must be an object`);
    return;
  }
  const type = String(state['Type']);
  const allowed = Object.hasOwn(STATE_FIELDS, type) ? STATE_FIELDS[type] : undefined;
  if (!allowed) {
    report(join(location, 'Type'), `'Type' must be one of [${Object.keys(STATE_FIELDS).join(', ')}]`);
    return;
  }
  checkQueryLanguage(state, location, report);
  checkFields(state, allowed, location, report);
  if (allowed.includes('End')) checkEnd(state, location, report);
  if (allowed.includes('Retry')) checkErrorHandlers(state, location, report);
  checkType(type, state, { location, express }, report);
}

function checkType(
  type: string,
  state: Fields,
  { location, express }: Omit<Subject, 'name' | 'state'>,
  report: Report,
) {
  if (type === 'Task') checkTask(state, location, express, report);
  if (type === 'Choice') checkChoice(state, location, report);
  if (type === 'Wait') checkWait(state, location, report);
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

function checkChoice(state: Fields, location: string, report: Report) {
  const choices = state['Choices'];
  if (!Array.isArray(choices) || choices.length === 0) {
    report(join(location, 'Choices'), 'A Choice state needs at least one rule');
    return;
  }
  for (const [index, rule] of choices.entries()) {
    const at = `${location}/Choices[${index}]`;
    if (isObject(rule)) {
      checkFields(rule, CHOICE_FIELDS, at, report);
      requireFields(rule, ['Condition', 'Next'], at, report);
    } else report(at, 'a rule must be an object');
  }
}
