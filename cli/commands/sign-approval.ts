import type { ApiClient } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { Approval, Signed, SigningOptions, SigningPage } from '../replies.ts';
import { demoAssertion, demoAuthenticator } from '../session/demo-authenticator.ts';
import { waitOnPage } from './wait-on-page.ts';

/** A signature that was given, and what the control plane says of it. */
export type Given = { readonly approval: Approval; readonly summary: string };

/** `browser`: on the signing page also where this machine keeps an authenticator for a demo user. */
type How = { readonly reason?: string; readonly browser?: boolean };

/**
 * Has the person sign the document of an approval: a demo user with the authenticator in software that this machine keeps, anybody
 * else on the signing page, which is opened in their browser and waited for.
 */
export async function signApproval(
  context: Context,
  api: ApiClient,
  approval: Approval,
  { reason, browser = false }: How,
): Promise<Given> {
  const { data: dataPath, as } = context.options;
  const authenticator = as === undefined || browser ? undefined : await demoAuthenticator(dataPath, as);
  if (as === undefined || authenticator === undefined) return onThePage(context, api, approval);
  const path = `/v1/approvals/${encodeURIComponent(approval.id)}`;
  const { origin, options } = await api.get(`${path}/signing-options`, SigningOptions);
  const { surroundings } = context;
  const here = { challenge: options.challenge, rpId: options.rpId, origin };
  const assertion = await demoAssertion({ dataPath, name: as, authenticator }, here, surroundings);
  const body = { decision: 'approve', digest: approval.digest, ...(reason && { reason }), assertion };
  return api.post(`${path}/signatures`, Signed, { body, idempotencyKey: surroundings.newKey() });
}

/** Their own browser, where their own authenticator is; the page shows the same document once more, and may be used to decline it. */
async function onThePage(context: Context, api: ApiClient, approval: Approval): Promise<Given> {
  const path = `/v1/approvals/${encodeURIComponent(approval.id)}`;
  const idempotencyKey = context.surroundings.newKey();
  const page = await api.post(`${path}/signing-sessions`, SigningPage, { body: {}, idempotencyKey });
  const reading = await context.api('read'); // whoever takes their time on the page is not asked to log in again for it
  return waitOnPage(context, page, 'sign', async () =>
    given(approval, await reading.get(path, Approval), page.subject),
  );
}

/** What this person answered on the page; nothing as long as they did not. Refuses once others have settled it without them. */
function given(before: Approval, now: Approval, subject: string): Given | undefined {
  const own = now.signatures.slice(before.signatures.length).find(({ actor }) => actor === subject);
  const { status } = now;
  if (own)
    return {
      approval: now,
      summary: `${own.decision === 'decline' ? 'declined' : 'signed'}: the question is ${status}`,
    };
  if (status === 'open') return undefined;
  throw new CliError('state', `the question is ${status}, without you`, 'look at the run for what is asked now', {
    code: 'ApprovalClosed',
  });
}
