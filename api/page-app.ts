import { Hono } from 'hono';
import { notFound, problem } from './problem.ts';
import { signingPage } from './signing-page.ts';

/** The page that people sign on, and nothing else: what it asks for is answered elsewhere. */
export function pageApp(): Hono {
  const app = new Hono();
  app.get('/sign/:session', () => signingPage());
  app.notFound((context) => problem(notFound(context.req.path)));
  return app;
}
