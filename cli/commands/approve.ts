import type { ApiClient } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { announceApprovals } from '../follow/next-signatures.ts';
import { Approval, Signed } from '../replies.ts';
import { findApproval, type Wanted } from './find-approval.ts';
import { followAfterSignature } from './follow-after-signature.ts';
import { requireConsent } from './require-consent.ts';
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

/** Runbook 2.3 and 5.1.2: shows exactly what is asked, checks its digest here, and signs or declines it as one person; several launches by one signature. */
export async function approve(
  context: Context,
  ids: readonly string[],
  options: SignOptions & { readonly strategy?: string },
): Promise<void> {
  const [id, ...others] = new Set(ids);
  if (id !== undefined && others.length > 0)
    return (await import('./approve-several.ts')).approveSeveral(context, [id, ...others], options);
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
        'attestation',
        'drain-sign-off',
        'lift',
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
  await requireConsent(context, [approval], options);
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
