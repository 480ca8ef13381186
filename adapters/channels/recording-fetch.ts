import type { Exchange } from './exchange.ts';
import { refusedTarget } from './refused-target.ts';
import { retryAfterMs } from './retry-after.ts';

export type FetchRules = {
  /** `MessageHosts`: where something may be sent at all. */
  readonly hosts: readonly string[];
  /** Ends the whole exchange, the body of its answer included. */
  readonly signal: AbortSignal;
  readonly now: () => Date;
};

const MAX_BYTES = 16_384;
/** Statuses whose answers have no body. */
const BODILESS = [101, 204, 205, 304];

/**
 * A `fetch` to hand to a provider's library, and what really happened when the library used it. The address is checked at every call,
 * redirects are not followed, no more than 16 KiB of an answer are read, and all of it ends with the signal.
 */
export function recordingFetch(rules: FetchRules) {
  let last: Exchange | undefined;
  const recorded = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const target = input instanceof Request ? input.url : String(input);
    const refused = refusedTarget(target, rules.hosts);
    if (refused !== undefined) throw fail({ problem: 'refused', detail: refused });
    try {
      const response = await fetch(target, { ...init, redirect: 'manual', signal: rules.signal });
      const text = await firstBytes(response);
      const { status, headers } = response;
      last = { status, text, retryAfterMs: retryAfterMs(headers.get('retry-after'), rules.now()) };
      return new Response(BODILESS.includes(status) ? null : text, { status, headers });
    } catch (error) {
      throw fail(noAnswer(error));
    }
  };
  const fail = (exchange: Extract<Exchange, { problem: string }>): Error => {
    last = exchange;
    return new Error(exchange.detail);
  };
  return { fetch: recorded, exchange: () => last };
}

async function firstBytes({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= MAX_BYTES) break; // which cancels the rest
  }
  return new TextDecoder().decode(Buffer.concat(chunks).subarray(0, MAX_BYTES));
}

/** By codes and names alone: messages of errors repeat addresses. */
function noAnswer(error: unknown): { problem: 'late' | 'unreachable'; detail: string } {
  const { name = 'Error', cause } = error instanceof Error ? error : {};
  if (name === 'TimeoutError' || name === 'AbortError') return { problem: 'late', detail: 'no answer in time' };
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : name;
  return { problem: 'unreachable', detail: `no connection (${code})` };
}
