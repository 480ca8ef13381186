import * as z from 'zod';

const Details = z.record(z.string(), z.unknown());
const TOKEN = /("(?:task_?token|taskToken)"\s*:\s*")[^"]*(")/gi;
const ESCAPED_TOKEN = /(\\"(?:task_?token|taskToken)\\"\s*:\s*\\")[^"\\]*(\\")/gi;

/** Takes task tokens out of what people or archives see (architecture section 5): whoever holds one can answer for a person. */
export function redactTokens(details: object): Record<string, unknown> {
  const text = JSON.stringify(details).replace(TOKEN, '$1[redacted]$2').replace(ESCAPED_TOKEN, '$1[redacted]$2');
  return Details.parse(JSON.parse(text));
}
