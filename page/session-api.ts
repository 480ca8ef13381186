import type * as z from 'zod/mini';
import { type Failure, misunderstood, refused, unreachable } from './failure.ts';
import type { PageAddress } from './page-address.ts';
import { EnrolledReply, Problem, SessionReply, SignedReply } from './session-reply.ts';

/** An answer of the control plane, or why there is none. */
export type Answered<T> = { readonly value: T } | { readonly failure: Failure };

type Send = (url: URL, init: RequestInit) => Promise<Response>;

/**
 * The three requests of a page. Their addresses are relative to that of the page, since a control plane may stand below a path
 * (`/live` on AWS). The secret is sent in a header, never in an address. `send` is the browser's `fetch`.
 */
export function sessionApi({ session, secret }: PageAddress, pageUrl: string, send: Send) {
  const ask = async <Schema extends z.ZodMiniType>(
    path: string,
    schema: Schema,
    body?: object,
  ): Promise<Answered<z.infer<Schema>>> => {
    const url = new URL(`../v1/signing-sessions/${session}${path}`, pageUrl);
    try {
      return await read(await send(url, request(secret, body)), schema);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return { failure: unreachable };
    }
  };
  return {
    look: () => ask('', SessionReply),
    answer: (body: object) => ask('/signature', SignedReply, body),
    enrol: (body: object) => ask('/credential', EnrolledReply, body),
  };
}

export type SessionApi = ReturnType<typeof sessionApi>;

const request = (secret: string, body: object | undefined): RequestInit => ({
  method: body ? 'POST' : 'GET',
  headers: { 'signing-secret': secret, ...(body && { 'content-type': 'application/json' }) },
  ...(body && { body: JSON.stringify(body) }),
  ...{ credentials: 'omit', cache: 'no-store', redirect: 'error', referrerPolicy: 'no-referrer' },
});

async function read<Schema extends z.ZodMiniType>(
  response: Response,
  schema: Schema,
): Promise<Answered<z.infer<Schema>>> {
  const body: unknown = await response.json().catch(() => undefined); // no JSON: nothing of ours
  if (response.ok) {
    const reply = schema.safeParse(body);
    return reply.success ? { value: reply.data } : { failure: misunderstood(response.status) };
  }
  const problem = Problem.safeParse(body);
  return { failure: problem.success ? refused(problem.data) : misunderstood(response.status) };
}
