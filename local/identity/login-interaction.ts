import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { errors } from 'oidc-provider';
import type { DemoUser } from './demo-user.ts';
import { codePage, errorPage, type LoginRefusal, passwordPage } from './login-pages.ts';
import type { LoginSteps } from './login-steps.ts';
import { PAGE_HEADERS } from './page.ts';
import { readForm } from './read-form.ts';
import { METHODS, SECOND_FACTOR } from './token-claims.ts';

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;
type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse };

export type LoginInteractionOptions = {
  readonly provider: Provider;
  readonly users: readonly DemoUser[];
  readonly steps: LoginSteps;
  readonly now: () => Date;
};

/**
 * Serves `/interaction/<uid>`: password, then one-time code. Which login a form belongs to is told by a signed SameSite cookie
 * whose path is that page's, so nobody else's page can post into it.
 */
export function loginInteraction({ provider, users, steps, now }: LoginInteractionOptions) {
  const passed = (interaction: Interaction) =>
    users.find(({ subject }) => subject === interaction.result?.['passwordOf']);

  const pageOf = (interaction: Interaction, refusal?: LoginRefusal, typed = '') => {
    const user = passed(interaction);
    return user ? codePage(user.name, refusal) : passwordPage(typed || hintOf(interaction), refusal);
  };

  const passwordStep = async ({ response }: Exchange, interaction: Interaction, form: URLSearchParams) => {
    const name = (form.get('name') ?? '').trim().slice(0, 64);
    const user = steps.password(name, form.get('password') ?? '');
    if ('code' in user) return show(response, pageOf(interaction, user, name), statusOf(user));
    interaction.result = { passwordOf: user.subject };
    await interaction.save(secondsLeft(interaction, now()));
    return show(response, pageOf(interaction));
  };

  const codeStep = async ({ request, response }: Exchange, interaction: Interaction, form: URLSearchParams) => {
    const user = passed(interaction);
    if (!user) return show(response, pageOf(interaction));
    const result = steps.code(user, form.get('code') ?? '');
    if ('code' in result) return show(response, pageOf(interaction, result), statusOf(result));
    await endOtherSession(provider, interaction, user, now());
    const login = { accountId: user.subject, acr: SECOND_FACTOR, amr: METHODS, ts: Math.floor(now().getTime() / 1000) };
    return provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
  };

  const answer = async (exchange: Exchange, interaction: Interaction) => {
    const { request, response } = exchange;
    if (request.method === 'GET') return show(response, pageOf(interaction));
    const form = await readForm(request);
    if (!form) return show(response, errorPage('This is not a form of this page.'), 400);
    if (form.get('step') === 'cancel') return cancel(provider, exchange);
    return form.get('step') === 'code'
      ? codeStep(exchange, interaction, form)
      : passwordStep(exchange, interaction, form);
  };

  return async (request: IncomingMessage, response: ServerResponse, uid: string): Promise<void> => {
    try {
      const interaction = await provider.interactionDetails(request, response);
      if (interaction.uid !== uid) throw new errors.SessionNotFound('this page belongs to another login');
      await answer({ request, response }, interaction);
    } catch (error) {
      if (!(error instanceof errors.SessionNotFound)) throw error;
      show(response, errorPage('This login has expired, was finished, or was begun in another browser.'), 400);
    }
  };
}

function cancel(provider: Provider, { request, response }: Exchange) {
  const result = { error: 'access_denied', error_description: 'the login was cancelled' };
  return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

/** Somebody else was logged in with this browser: their session ends here, without the detour over a logout page. */
async function endOtherSession(provider: Provider, interaction: Interaction, user: DemoUser, now: Date) {
  const { session } = interaction;
  if (!session?.accountId || session.accountId === user.subject) return;
  const other = await provider.Session.findByUid(session.uid);
  await other?.destroy();
  delete interaction.session;
  await interaction.save(secondsLeft(interaction, now));
}

const secondsLeft = ({ exp }: Interaction, now: Date) => Math.max(1, exp - Math.floor(now.getTime() / 1000));

const hintOf = ({ params }: Interaction) =>
  typeof params['login_hint'] === 'string' ? params['login_hint'].slice(0, 64) : '';

const statusOf = ({ code }: LoginRefusal) => (code === 'locked' ? 429 : 401);

function show(response: ServerResponse, body: string, status = 200): void {
  response.writeHead(status, PAGE_HEADERS).end(body);
}
