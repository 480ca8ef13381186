import * as z from 'zod';

const Header = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const Reply = z.object({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), Header).nullish(),
  multiValueHeaders: z.record(z.string(), z.array(Header)).nullish(),
  cookies: z.array(z.string()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/**
 * The response in what a function answered, or undefined when it is malformed. Payload 2.0 lets a function answer with any JSON,
 * which is then the body; 1.0 demands the full form.
 */
export function proxyReply(payload: string, version: '1.0' | '2.0'): Response | undefined {
  const value: unknown = JSON.parse(payload);
  const bare = typeof value !== 'object' || value === null || !('statusCode' in value);
  if (bare)
    return version === '2.0' ? new Response(payload, { headers: { 'content-type': 'application/json' } }) : undefined;
  const reply = Reply.safeParse(value);
  if (!reply.success) return undefined;
  const { statusCode: status, body, isBase64Encoded } = reply.data;
  const content = body == null || hasNoBody(status) ? null : Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  return new Response(content, { status, headers: headersOf(reply.data) });
}

const hasNoBody = (status: number) => status < 200 || status === 204 || status === 205 || status === 304;

function headersOf({ headers, multiValueHeaders, cookies }: z.infer<typeof Reply>): Headers {
  const all = new Headers();
  for (const [name, values] of Object.entries(multiValueHeaders ?? {}))
    for (const value of values) all.append(name, value);
  for (const [name, value] of Object.entries(headers ?? {})) all.set(name, value);
  for (const cookie of cookies ?? []) all.append('set-cookie', cookie);
  return all;
}
