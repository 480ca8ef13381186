import type { WaitState } from '../definition/machine.ts';
import { evaluation } from '../execution/context.ts';
import { type Departure, prepareDeparture } from '../execution/leave-state.ts';
import { commit, current, type Line, save } from '../execution/line.ts';
import { sleepUntil } from '../execution/sleep-until.ts';
import { evaluateTemplate, evaluationFailure, expectType } from '../expressions/evaluate-template.ts';
import { parseTimestamp } from '../parse-timestamp.ts';

/** Waits until a time that was fixed at the entry: a restart waits only what is left. */
export async function runWait(line: Line, state: WaitState): Promise<Departure> {
  const { visit } = current(line);
  if (visit.dueAt === undefined) {
    const dueAt = await whenDue(line, state);
    commit(line, () => {
      visit.dueAt = dueAt;
      save(line);
    });
  }
  await sleepUntil(line, visit.dueAt ?? 0);
  return prepareDeparture(state, { evaluation: evaluation(line), fallback: line.cursor.input });
}

async function whenDue(line: Line, { Seconds, Timestamp }: WaitState): Promise<number> {
  const { visit } = current(line);
  const evaluated = evaluation(line);
  if (Seconds !== undefined) {
    const value = await evaluateTemplate(Seconds, 'Seconds', evaluated);
    expectType({ value, template: Seconds, field: 'Seconds' }, 'number', evaluated);
    const seconds = Number(value);
    if (Number.isInteger(seconds) && seconds >= 0) return visit.enteredAt + seconds * 1000;
    throw evaluationFailure(
      `The Seconds field must be a whole number from 0, but was ${seconds}`,
      'Seconds',
      evaluated,
    );
  }
  const value = await evaluateTemplate(Timestamp ?? null, 'Timestamp', evaluated);
  expectType({ value, template: Timestamp ?? null, field: 'Timestamp' }, 'string', evaluated);
  const due = parseTimestamp(String(value));
  if (due !== undefined) return due;
  const what = `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${value}`;
  throw evaluationFailure(what, 'Timestamp', { ...evaluated, previous: visit.entered });
}
