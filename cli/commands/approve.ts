import type { ApiClient } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { announceApprovals } from '../follow/next-signatures.ts';
import { Approval, Signed } from '../replies.ts';
import { findApproval, type Wanted } from './find-approval.ts';
import { followAfterSignature } from './follow-after-signature.ts';
import { requireTrueDigest, showApproval } from './show-approval.ts';
import { signApproval } from './sign-approval.ts';

export type SignOptions = {
  readonly decline?: boolean;
  readonly reason?: string;
  readonly yes?: boolean;
  readonly browser?: boolean;
  readonly detach?: boolean;
  readonly timeout: number;
};

/** Runbook 2.3 and 5.1.2: shows exactly what is asked, checks its digest here, and signs or declines it as one person. */
export async function approve(
  context: Context,
  id: string | undefined,
  options: SignOptions & { readonly strategy?: string },
): Promise<void> {
  const kinds: Wanted['kinds'] = options.decline
    ? undefined
    : [
        'launch-confirmation',
        'kill-confirmation',
        'post-mortem',
        'recovery',
        'limits',
        'unfreeze',
        'override',
        'resume',
      ];
  await decide(
    context,
    { ...(id && { id }), ...(options.strategy && { strategyId: options.strategy }), kinds },
    options,
  );
}

/** Finds one open approval, lets the person read it, and sends their decision over its digest. */
export async function decide(context: Context, wanted: Wanted, options: SignOptions): Promise<void> {
  const { out } = context;
  requireReason(options);
  const api = await context.api('sign');
  const { id } = await findApproval(api, wanted, context.surroundings);
  const approval = await api.get(`/v1/approvals/${encodeURIComponent(id)}`, Approval);
  requireTrueDigest(approval);
  showApproval(context, approval);
  await requireConsent(context, approval, options);
  const signed = options.decline
    ? await decline(context, api, approval, options.reason)
    : await signApproval(context, api, approval, options);
  out.step('succeeded', signed.summary, undefined, signed);
  await afterSignature(context, await context.api('read'), signed.approval, options);
}

/** The API takes a no without a reason, since it is the safer answer; at a terminal there is time to say why. */
function requireReason({ decline: no, reason }: SignOptions): void {
  if (!no || reason?.trim()) return;
  throw new CliError('usage', 'nothing was done: a decline needs a reason', 'add --reason <text>', {
    code: 'NoReason',
  });
}

/** A no needs no signature: it is the safer answer. */
function decline({ surroundings }: Context, api: ApiClient, { id, digest }: Approval, reason?: string) {
  const body = { decision: 'decline', digest, ...(reason && { reason }) };
  const idempotencyKey = surroundings.newKey();
  return api.post(`/v1/approvals/${encodeURIComponent(id)}/signatures`, Signed, { body, idempotencyKey });
}

async function afterSignature(
  context: Context,
  api: ApiClient,
  approval: Approval,
  options: SignOptions,
): Promise<void> {
  if (approval.status === 'open') return announceApprovals(context, [approval]);
  if (options.detach) return context.out.note(`  follow it: ${context.command(`runs ${approval.runId} --follow`)}`);
  await followAfterSignature(context, api, approval, options.timeout);
}

async function requireConsent(
  { surroundings, options: { as } }: Context,
  approval: Approval,
  { yes, decline }: SignOptions,
): Promise<void> {
  if (yes) return;
  const verb = decline ? 'decline' : 'sign';
  const answer = await surroundings.ask(`${verb} this${as ? ` as ${as}` : ''}? type 'yes': `);
  if (answer === undefined) {
    throw new CliError(
      'usage',
      `nothing was done: there is no terminal to ask whether to ${verb} ${approval.id}`,
      `read the document above, then add --yes`,
      { code: 'NoConsent' },
    );
  }
  if (answer.trim().toLowerCase() === 'yes') return;
  throw new CliError(
    'usage',
    `nothing was done: you did not answer 'yes'`,
    `run the command again to ${verb}, or say no: tradepulse-cli approvals decline ${approval.id} --reason <text>`,
    { code: 'NoConsent' },
  );
}
