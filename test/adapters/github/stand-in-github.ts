import { afterEach } from 'node:test';
import { Hono } from 'hono';
import { githubClient } from '../../../adapters/github/github-client.ts';
import { type Listening, listen } from '../../../engine-sim/program/listen.ts';

/** What was asked of the stand-in, as GitHub would see it. */
export type Asked = { readonly path: string; readonly authorization: string | null; readonly version: string | null };

/**
 * How the tests of the calling file open servers that answer as GitHub's REST documentation (version 2022-11-28) shows; those
 * of a test are closed after it.
 */
export function standInGithub() {
  const open: Listening[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((each) => each.close()));
  });
  return async (routes: (app: Hono) => void, { deadlineMs = 2_000, token = async () => 'ghp-token' } = {}) => {
    const app = new Hono();
    const asked: Asked[] = [];
    app.use(async ({ req }, next) => {
      const { headers } = req.raw;
      const { pathname, search } = new URL(req.url);
      asked.push({
        path: pathname + search,
        authorization: headers.get('authorization'),
        version: headers.get('x-github-api-version'),
      });
      await next();
    });
    routes(app);
    app.notFound((context) =>
      context.json({ message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404' }, 404),
    );
    const server = await listen(async (request) => app.fetch(request), 0);
    open.push(server);
    return { asked, github: githubClient({ baseUrl: server.url, token, deadlineMs }), url: server.url };
  };
}

/** A person as every answer shows one, as far as anybody looks. */
export const user = (login: string) => ({ login, id: 1, type: 'User', site_admin: false });
