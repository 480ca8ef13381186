import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type * as z from 'zod';
import { Refusal } from '../domain/refusal.ts';

type Outcome = 'done' | 'refused' | 'fault';

/**
 * Wires one operation as a Lambda: the event is parsed with its schema, the outcome is one JSON log line (never the event,
 * never a token), and a Refusal keeps its code as the error's name, which is what Step Functions matches. What it says goes
 * on as JSON in the message: sentence, next step, facts.
 */
export function step<Schema extends z.ZodType, Result>(
  schema: Schema,
  operation: (command: z.output<Schema>) => Promise<Result>,
) {
  return middy()
    .use({
      after: ({ response, context }) => log(context, 'done', { summary: summaryOf(response) }),
      onError: (request) => {
        const error = request.error;
        const refused = error instanceof Refusal;
        log(request.context, refused ? 'refused' : 'fault', { error: error?.name, message: error?.message });
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

function log({ functionName, awsRequestId }: Context, outcome: Outcome, detail: Record<string, unknown>): void {
  console.log(JSON.stringify({ step: functionName, request: awsRequestId, outcome, ...detail }));
}

const summaryOf = (response: unknown): unknown =>
  typeof response === 'object' && response !== null && 'summary' in response ? response.summary : undefined;
