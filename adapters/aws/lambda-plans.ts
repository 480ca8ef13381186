import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { PlanNow } from '../../domain/plan/plan-now.ts';
import { type PlanQuestion, ShownPlan } from '../../domain/plan/shown-plan.ts';
import type { Plans } from '../../domain/ports/plans.ts';
import { REFUSAL_CODES, Refusal } from '../../domain/refusal.ts';

/** What Lambda says of a function that threw; what lambdas/step.ts makes of a Refusal. */
const Thrown = z.object({ errorType: z.enum(REFUSAL_CODES), errorMessage: z.string() });
const Told = z.object({ message: z.string(), next: z.string(), facts: z.record(z.string(), z.unknown()).optional() });

/**
 * Plans as the function `operations/draft-plan` drafts them. The entrances of people ask it, since it alone reads evidence, calendars, tickets and
 * CI for them: those libraries would not fit beside WebAuthn. A Refusal of the function is thrown as that Refusal.
 */
export function lambdaPlans(lambda: LambdaClient, functionName: string): Plans {
  const ask = async (question: PlanQuestion): Promise<unknown> => {
    const command = new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(question) });
    const { Payload, FunctionError } = await lambda.send(command);
    const text = Buffer.from(Payload ?? []).toString('utf8');
    if (FunctionError) throw refusalIn(text) ?? new Error(`the plan could not be drafted: ${text.slice(0, 500)}`);
    return JSON.parse(text);
  };
  return {
    now: async (strategyId) => PlanNow.parse(await ask({ ask: 'plan', strategyId })),
    show: async (question) => ShownPlan.parse(await ask({ ask: 'gates', ...question })),
  };
}

function refusalIn(text: string): Refusal | undefined {
  const thrown = Thrown.safeParse(JSON.parse(text)).data;
  const told = thrown && Told.safeParse(JSON.parse(thrown.errorMessage)).data;
  return told && new Refusal(thrown.errorType, told.message, told.next, told.facts);
}
