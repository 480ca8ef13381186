import * as z from 'zod';
import { Problem } from './problem.ts';

const MAX_BYTES = 1_048_576;

/** The bytes of a request, as they came: signatures cover bytes, not values. Refuses more than 1 MiB, without keeping it. */
export async function readBytes(request: Request): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Problem(413, 'BodyTooLarge', `more than ${MAX_BYTES} bytes`, 'send less');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The JSON value in those bytes, by its schema. Refuses with 400 what is neither. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, bytes: Uint8Array): z.infer<Schema> {
  const parsed = schema.safeParse(jsonOf(bytes));
  if (parsed.success) return parsed.data;
  throw new Problem(400, 'InvalidRequest', z.prettifyError(parsed.error), 'look at docs/engine-contract.md');
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined; // the schema says what is wrong
  }
}
