import * as z from 'zod';
import { AwsError } from './aws-error.ts';
import type { FetchHandler } from './fetch-handler.ts';
import { jsonError } from './json-error.ts';

type Operation = (body: unknown) => object | Promise<object>;

/** One operation of a JSON service: the input is parsed strictly, so that a parameter this host does not know is never ignored. */
export function operation<Input>(
  input: z.ZodType<Input>,
  run: (input: Input) => object | Promise<object>,
  invalid = 'ValidationException',
): Operation {
  return (body) => {
    const parsed = input.safeParse(body);
    if (!parsed.success) throw new AwsError(invalid, z.prettifyError(parsed.error));
    return run(parsed.data);
  };
}

/** A service that speaks AWS JSON 1.1: `X-Amz-Target: <target>.<Operation>`. What it does not know is an UnknownOperationException. */
export function jsonService(target: string, operations: Readonly<Record<string, Operation>>): FetchHandler {
  return async (request) => {
    try {
      const run = find(request.headers.get('x-amz-target'), target, operations);
      const answer = await run(parse(await request.text()));
      return new Response(JSON.stringify(answer), { headers: { 'content-type': 'application/x-amz-json-1.1' } });
    } catch (error) {
      if (error instanceof AwsError) return jsonError(error);
      throw error;
    }
  };
}

function find(header: string | null, target: string, operations: Readonly<Record<string, Operation>>): Operation {
  const [service, name] = (header ?? '').split('.');
  const run = service === target && name && Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (run) return run;
  const known = Object.keys(operations).join(', ');
  throw new AwsError(
    'UnknownOperationException',
    `${header ?? 'No X-Amz-Target'} is not served here; served: ${known}`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AwsError('SerializationException', `the body is not JSON: ${String(cause)}`);
  }
}
