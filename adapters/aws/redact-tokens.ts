import * as z from 'zod';

const Details = z.record(z.string(), z.unknown());
/** As a member of JSON, and of JSON in a string, however deep: each level puts more backslashes before the quotes. */
const TOKEN = /(\\*"task_?token\\*"\s*:\s*\\*")[^"\\]*/gi;

/** Takes task tokens out of what people or archives see (architecture section 5): whoever holds one can answer for a person. */
export function redactTokens(details: object): Record<string, unknown> {
  return Details.parse(JSON.parse(JSON.stringify(details).replace(TOKEN, '$1[redacted]')));
}
