import type * as z from 'zod';
import { Refusal } from '../domain/refusal.ts';

export const MAX_BODY_BYTES = 65_536;
const MAX_DEPTH = 32;

/** A JSON body judged by its schema. Refuses another media type, more than `most` bytes (64 KiB), nesting over 32, and what the schema does not know, each by its own code. */
export async function readBody<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
  most = MAX_BODY_BYTES,
): Promise<z.output<Schema>> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new Refusal(
      'UnsupportedMediaType',
      `the body is ${type || 'of no type'}`,
      'send JSON with content-type: application/json',
    );
  }
  const text = await request.text();
  refuseSize(text, most);
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success)
    throw new Refusal(
      'InvalidRequest',
      `the body is not as expected: ${issuesIn(parsed.error)}`,
      'look at /docs for the body of this request',
    );
  return parsed.data;
}

/** The body of a safety command: whatever cannot be read counts as nothing given (product decision 2). */
export async function readBodyLeniently(request: Request): Promise<unknown> {
  return readTextLeniently(await request.text().catch(() => ''));
}

/** The same for a body that has been read already. */
export function readTextLeniently(text: string): unknown {
  if (Buffer.byteLength(text) > MAX_BODY_BYTES || depthOf(text) > MAX_DEPTH) return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return {}; // no reason given
  }
}

function refuseSize(text: string, most: number): void {
  const bytes = Buffer.byteLength(text);
  if (bytes > most) throw new Refusal('BodyTooLarge', `the body has ${bytes} bytes`, `send at most ${most} bytes`);
  const depth = depthOf(text);
  if (depth > MAX_DEPTH)
    throw new Refusal('BodyNestedTooDeep', `the body is nested ${depth} deep`, `nest at most ${MAX_DEPTH} deep`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Refusal(
      'InvalidRequest',
      `the body is not JSON: ${error instanceof Error ? error.message : ''}`,
      'send one JSON object',
    );
  }
}

/** How deep brackets nest outside strings; counted on the text, so that nothing deep is ever parsed. */
export function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[[{]|[\]}]/gs)) {
    if (token === '{' || token === '[') depth += 1;
    if (token === '}' || token === ']') depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** Every mistake with its place, in one sentence. */
const issuesIn = ({ issues }: z.ZodError): string =>
  issues.map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`).join('; ');
