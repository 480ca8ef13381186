import { request } from '@octokit/request';
import { RequestError } from '@octokit/request-error';
import * as z from 'zod';

export type GithubOptions = {
  /** `https://api.github.com`, or the API of a GitHub Enterprise server. Never out of a ticket. */
  readonly baseUrl: string;
  readonly token: () => Promise<string>;
  /** How long one call may take, in milliseconds. */
  readonly deadlineMs?: number;
};

/** Something that could be read, or why not in plain words. */
export type GithubRead<Value> = { readonly value: Value } | { readonly missing: boolean; readonly problem: string };

type Parameters = Readonly<Record<string, string | number>>;

const DEADLINE_MS = 3_000;
const PER_PAGE = 100;
const MAX_PAGES = 10;

/** Reads GitHub's REST API. Whatever is not a readable answer says why, and proves nothing; only faults of our own are thrown. */
export type GithubClient = ReturnType<typeof githubClient>;

export function githubClient({ baseUrl, token, deadlineMs = DEADLINE_MS }: GithubOptions) {
  const ask = async <T>(route: string, parameters: Parameters, schema: z.ZodType<T>): Promise<GithubRead<T>> => {
    const bearer = await token().catch((error: unknown) => asError(error));
    if (bearer instanceof Error) return unread(`no token for GitHub could be read: ${bearer.message}`);
    try {
      const { data } = await request(route, {
        ...parameters,
        baseUrl,
        headers: { authorization: `Bearer ${bearer}`, 'x-github-api-version': '2022-11-28' },
        request: { redirect: 'error', signal: AbortSignal.timeout(deadlineMs) },
      });
      const parsed = schema.safeParse(data);
      if (parsed.success) return { value: parsed.data };
      return unread(
        `GitHub's answer is not what its documentation says: ${z.prettifyError(parsed.error).slice(0, 300)}`,
      );
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      return { missing: error.status === 404, problem: problemOf(error) };
    }
  };
  const get = <T>(route: string, parameters: Parameters, schema: z.ZodType<T>) =>
    ask(`GET ${route}`, parameters, schema);
  /** Writes; sent once, and what came of it is said. */
  const post = <T>(route: string, parameters: Parameters, schema: z.ZodType<T>) =>
    ask(`POST ${route}`, parameters, schema);
  /** All pages of a list; a list that goes on after a thousand is unread, since what decides may stand at its end. */
  const getAll = async <T, Item>(
    route: string,
    parameters: Parameters,
    schema: z.ZodType<T>,
    itemsOf: (page: T) => readonly Item[],
  ): Promise<GithubRead<Item[]>> => {
    const items: Item[] = [];
    for (let page = 1; page <= MAX_PAGES; page += 1) {
      const read = await get(route, { ...parameters, per_page: PER_PAGE, page }, schema);
      if ('problem' in read) return read;
      const more = itemsOf(read.value);
      items.push(...more);
      if (more.length < PER_PAGE) return { value: items };
    }
    return unread(`GitHub lists more than ${MAX_PAGES * PER_PAGE} of them`);
  };
  return { get, getAll, post, baseUrl };
}

const unread = (problem: string) => ({ missing: false, problem });

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** `status` 500 without an answer is how the library says that there was none. */
function problemOf({ status, message, response }: RequestError): string {
  if (!response) return `GitHub does not answer: ${message}`;
  if (status === 401) return 'GitHub does not know this token any more (401)';
  const { headers } = response;
  const retry = headers['retry-after'] ?? headers['x-ratelimit-reset'];
  if (status === 429 || headers['x-ratelimit-remaining'] === '0' || headers['retry-after'] !== undefined)
    return `GitHub asks us to come back later (${status}${retry === undefined ? '' : `, ${retry}`})`;
  if (status === 403) return 'this token may not read that at GitHub (403)';
  if (status === 404) return 'GitHub has no such thing, or this token may not see it (404)';
  return `GitHub answered ${status}: ${message.slice(0, 200)}`;
}
