import type { FailState, Template } from '../definition/machine.ts';
import { evaluation } from '../execution/context.ts';
import type { Line } from '../execution/line.ts';
import { evaluateTemplate, expectType } from '../expressions/evaluate-template.ts';
import { StateFailure } from '../failure.ts';

/** Fails with Error and Cause; one that is absent stays absent. */
export async function runFail(line: Line, { Error: error, Cause: cause }: FailState): Promise<never> {
  const text = async (template: Template | undefined, field: string) => {
    if (template === undefined) return undefined;
    const value = await evaluateTemplate(template, field, evaluation(line));
    expectType({ value, template, field }, 'string', evaluation(line));
    return String(value);
  };
  throw new StateFailure({ error: await text(error, 'Error'), cause: await text(cause, 'Cause') });
}
