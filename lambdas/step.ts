import middy from '@middy/core';
import type * as z from 'zod';
import { Refusal } from '../domain/refusal.ts';

type Outcome = 'done' | 'refused' | 'fault';

/**
 * Wires one operation as a Lambda: the event is parsed with its schema, the outcome is one JSON log line (never the event,
 * never a token), and a Refusal keeps its code as the error's name, which is what Step Functions matches. What it says goes
 * on as JSON in the message: sentence, next step, facts.
 */
export function step<Schema extends z.ZodType, Result>(schema: Schema, operation: (command: z.output<Schema>) => Promise<Result>) {
  const name = process.env['AWS_LAMBDA_FUNCTION_NAME'] ?? 'step';
  return middy()
    .use({
      after: ({ response }) => log(name, 'done', { summary: summaryOf(response) }),
      onError: (request) => {
        const error = request.error;
        const refused = error instanceof Refusal;
        log(name, refused ? 'refused' : 'fault', { error: error?.name, message: error?.message });
        if (refused) throw forStepFunctions(error);
      },
    })
    .handler(async (event: unknown): Promise<Result> => operation(schema.parse(event)));
}

function forStepFunctions({ name, message, next, facts }: Refusal): Error {
  const error = new Error(JSON.stringify({ message, next, facts }));
  error.name = name;
  return error;
}

function log(step: string, outcome: Outcome, detail: Record<string, unknown>): void {
  console.log(JSON.stringify({ step, outcome, ...detail }));
}

const summaryOf = (response: unknown): unknown => (typeof response === 'object' && response !== null && 'summary' in response ? response.summary : undefined);
