import type { ChoiceState } from '../definition/machine.ts';
import { evaluation } from '../execution/context.ts';
import { type Departure, prepareDeparture } from '../execution/leave-state.ts';
import type { Line } from '../execution/line.ts';
import { evaluateTemplate, expectType } from '../expressions/evaluate-template.ts';
import { StateFailure } from '../failure.ts';

/** Leaves by the first rule whose Condition is true, else by Default, else fails with States.NoChoiceMatched. */
export async function runChoice(line: Line, state: ChoiceState): Promise<Departure> {
  const evaluated = evaluation(line);
  const fallback = line.cursor.input;
  for (const [index, rule] of state.Choices.entries()) {
    const field = `Choices[${index}]/Condition`;
    const value = await evaluateTemplate(rule.Condition, field, evaluated);
    expectType({ value, template: rule.Condition, field }, 'boolean', evaluated);
    if (value) return prepareDeparture(rule, { evaluation: evaluated, fallback, field: `Choices[${index}]/` });
  }
  const { Default, ...leaving } = state;
  if (Default !== undefined)
    return prepareDeparture({ ...leaving, Next: Default }, { evaluation: evaluated, fallback });
  throw new StateFailure({
    error: 'States.NoChoiceMatched',
    cause: `An error occurred while executing the state '${line.cursor.state}' (entered at the event id #${evaluated.entered}). Failed to find a choice that matches and there is no Default`,
  });
}
