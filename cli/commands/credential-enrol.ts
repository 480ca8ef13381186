import type { Context } from '../context.ts';
import { Credentials, SigningPage } from '../replies.ts';
import { announceProposed } from './credential.ts';
import { waitOnPage } from './wait-on-page.ts';

/** Has the person register an authenticator on a page in their browser, waits for it, and says who has to approve it. */
export async function credentialEnrol(context: Context, { label }: { readonly label?: string }): Promise<void> {
  const { out, surroundings } = context;
  const api = await context.api('sign');
  const reading = await context.api('read');
  const own = async (subject: string) =>
    (await reading.get('/v1/credentials', Credentials)).credentials.filter((each) => each.subject === subject);
  const idempotencyKey = surroundings.newKey();
  const page = await api.post('/v1/enrolment-sessions', SigningPage, { body: {}, idempotencyKey });
  const known = new Set((await own(page.subject)).map(({ id }) => id));
  const url = label === undefined ? page.url : `${page.url}&${new URLSearchParams({ label })}`;
  const enrolled = await waitOnPage(context, { ...page, url }, 'register', async () =>
    (await own(page.subject)).find(({ id }) => !known.has(id)),
  );
  out.step('succeeded', `${enrolled.label} is registered as ${enrolled.id}`, undefined, enrolled);
  announceProposed(context, enrolled);
}
