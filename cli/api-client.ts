import type * as z from 'zod';
import { CliError } from './cli-error.ts';
import { exitOf } from './exit-codes.ts';
import { Problem } from './replies.ts';

/** What a client is made from. `token` is asked for each request, so that a long watch outlives one access token. */
export type ApiClientOptions = {
  readonly url: string;
  readonly token: () => Promise<string>;
  /** Signs the request instead: then no token is asked for. */
  readonly sign?: SignCall | undefined;
  readonly sleep: (ms: number) => Promise<void>;
  readonly elapsedMs: () => number;
  /** Milliseconds for one attempt of one request. */
  readonly deadlineMs?: number;
};

/** The headers that prove who sends these bytes to that address. */
export type SignCall = (call: { readonly url: string; readonly body: string }) => Promise<Record<string, string>>;

export type Post = {
  readonly body: Record<string, unknown>;
  readonly idempotencyKey: string;
};

/** How long to insist, and what counts as acknowledged; the last reply is given back when the time is up. */
export type Insistence<T> = {
  readonly withinMs: number;
  /** Milliseconds for one attempt, so that one lost on its way does not use up all the time. */
  readonly attemptMs: number;
  readonly isAcknowledged: (reply: T) => boolean;
  readonly onRetry: (why: string) => void;
};

/** The HTTP API, typed: every reply is parsed, every problem becomes a CliError that says what to do next. */
export type ApiClient = {
  readonly url: string;
  /** A safe read: tried three times when the network or the server fails. */
  get<T>(path: string, reply: z.ZodType<T>): Promise<T>;
  /** A change: sent once. The idempotency key makes it safe for a person to send it again. */
  post<T>(path: string, reply: z.ZodType<T>, post: Post): Promise<T>;
  /** A change that must arrive (kill): the same key again and again until it is acknowledged, refused, or the time is up. */
  insist<T>(path: string, reply: z.ZodType<T>, post: Post, insistence: Insistence<T>): Promise<T>;
};

const READ_PAUSES_MS = [100, 400];
const INSIST_PAUSE_MS = 150;

/** Makes the client. Refuses nothing itself: what it throws is a CliError of the reply, or `unreachable`. */
export function apiClient({ url, token, sign, sleep, elapsedMs, deadlineMs = 10_000 }: ApiClientOptions): ApiClient {
  const base = url.replace(/\/+$/, '');
  const credentials = async (path: string, body: unknown): Promise<Record<string, string>> =>
    sign ? sign({ url: `${base}${path}`, body: String(body ?? '') }) : { authorization: `Bearer ${await token()}` };
  const exchange = async <T>(path: string, reply: z.ZodType<T>, init: RequestInit, ms: number): Promise<T> => {
    const headers = { accept: 'application/json', ...(await credentials(path, init.body)), ...init.headers };
    return parsed(path, reply, await answered(base, path, { ...init, headers, signal: AbortSignal.timeout(ms) }));
  };
  return {
    url: base,
    async get(path, reply) {
      for (const pause of READ_PAUSES_MS) {
        try {
          return await exchange(path, reply, { method: 'GET' }, deadlineMs);
        } catch (error) {
          if (!isTransient(error)) throw error;
          await sleep(pause);
        }
      }
      return exchange(path, reply, { method: 'GET' }, deadlineMs);
    },
    post: (path, reply, post) => exchange(path, reply, postOf(post), deadlineMs),
    async insist(path, reply, post, { withinMs, attemptMs, isAcknowledged, onRetry }) {
      const giveUpAt = elapsedMs() + withinMs;
      for (;;) {
        const left = giveUpAt - elapsedMs();
        const attempt = exchange(path, reply, postOf(post), Math.max(1, Math.ceil(Math.min(left, attemptMs))));
        const result = await attempt.catch((error: unknown) => {
          if (!mayStillArrive(error) || giveUpAt - elapsedMs() <= INSIST_PAUSE_MS) throw error;
          return error;
        });
        const failed = result instanceof CliError;
        if (!failed && (isAcknowledged(result) || giveUpAt - elapsedMs() <= INSIST_PAUSE_MS)) return result;
        onRetry(failed ? result.message : 'it was not stored');
        await sleep(INSIST_PAUSE_MS);
      }
    },
  };
}

const postOf = ({ body, idempotencyKey }: Post): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
  body: JSON.stringify(body),
});

type Answer = { ok: boolean; status: number; text: string };

const isTransient = (error: unknown): error is CliError => error instanceof CliError && error.transient;

/** A reply that cannot be read says neither yes nor no: a change that must arrive is sent again. */
const mayStillArrive = (error: unknown): error is CliError =>
  isTransient(error) || (error instanceof CliError && error.code === 'UnexpectedReply');

async function answered(base: string, path: string, init: RequestInit): Promise<Answer> {
  try {
    const response = await fetch(`${base}${path}`, init);
    return { ok: response.ok, status: response.status, text: await response.text() };
  } catch (error) {
    throw new CliError(
      'unreachable',
      `the control plane at ${base} does not answer: ${reasonOf(error)}`,
      "start it with 'npm start', or give the address of a running one with --url; an engine without it stops trading when its lease ends",
      { code: 'ControlPlaneUnreachable', cause: error, transient: true },
    );
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'no reply in time';
  const { cause } = error;
  return cause instanceof Error && cause.message ? cause.message : error.message;
}

function parsed<T>(path: string, reply: z.ZodType<T>, { ok, status, text }: Answer): T {
  const body = jsonOf(text);
  if (!ok) throw refused(status, body, text);
  const result = reply.safeParse(body);
  if (result.success) return result.data;
  throw new CliError(
    'fault',
    `the reply to ${path} is not what this version of tradepulse-cli understands: ${body === undefined ? text.slice(0, 200) || 'it is empty' : wrongMember(result.error)}`,
    'use the tradepulse-cli that belongs to this control plane, and see that --url is one',
    { code: 'UnexpectedReply' },
  );
}

const wrongMember = ({ issues: [first] }: z.ZodError) => [...(first?.path ?? []), first?.message].join(' ');

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refused(status: number, body: unknown, text: string): CliError {
  const { data: problem } = Problem.safeParse(body);
  const message = problem?.detail ?? problem?.title ?? `the control plane answered ${status} ${text.slice(0, 200)}`;
  const next =
    problem?.next ??
    (status >= 500 ? 'try again; if it stays so, look at: tradepulse-cli health' : 'tradepulse-cli --help');
  return new CliError(exitOf(problem?.code, status), message, next, {
    code: problem?.code ?? `HTTP ${status}`,
    facts: problem?.facts,
    transient: status === 408 || status === 429 || status >= 500,
  });
}
