import type * as z from 'zod';
import { Refusal } from '../domain/refusal.ts';

/** What a query asks for, by its schema. Refuses what the schema does not know, what does not fit it, and what is there twice: a filter that is not heeded would show too much. */
export function readQuery<Schema extends z.ZodObject>(
  query: Readonly<Record<string, string[]>>,
  schema: Schema,
  of: string,
): z.output<Schema> {
  const once = Object.entries(query).map(([name, values]) => [name, values.length === 1 ? values[0] : values]);
  const parsed = schema.safeParse(Object.fromEntries(once));
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => [...path, message].join(': '));
  throw new Refusal(
    'InvalidRequest',
    `this is not what can be asked of ${of}: ${wrong.join('; ').slice(0, 500)}`,
    `ask with ${Object.keys(schema.shape).join(', ')}, each once`,
    { members: parsed.error.issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : issue.path)) },
  );
}
