import { canonicalJson } from '../../domain/ledger/canonical-json.ts';
import { digestOf } from '../../domain/ledger/digest.ts';
import type { ApiClient } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { announceApprovals, kindOf, missingPeople } from '../follow/next-signatures.ts';
import { utc } from '../output/marks.ts';
import { pairs } from '../output/table.ts';
import { Approval, Signed } from '../replies.ts';
import { findApproval, type Wanted } from './find-approval.ts';
import { followAfterSignature } from './follow-after-signature.ts';
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
    : ['launch-confirmation', 'kill-confirmation', 'post-mortem', 'recovery'];
  await decide(
    context,
    { ...(id && { id }), ...(options.strategy && { strategyId: options.strategy }), kinds },
    options,
  );
}

/** Finds one open approval, lets the person read it, and sends their decision over its digest. */
export async function decide(context: Context, wanted: Wanted, options: SignOptions): Promise<void> {
  const { out } = context;
  const api = await context.api('sign');
  const { id } = await findApproval(api, wanted, context.surroundings);
  const approval = await api.get(`/v1/approvals/${encodeURIComponent(id)}`, Approval);
  requireTrueDigest(approval);
  show(context, approval);
  await requireConsent(context, approval, options);
  const signed = options.decline
    ? await decline(context, api, approval, options.reason)
    : await signApproval(context, api, approval, options);
  out.step('succeeded', signed.summary, undefined, signed);
  await afterSignature(context, await context.api('read'), signed.approval, options);
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

/** A server that shows one document and lets people sign the digest of another is caught here. */
function requireTrueDigest(approval: Approval): void {
  const actual = digestOf(approval.document);
  if (actual === approval.digest) return;
  throw new CliError(
    'conflict',
    `the digest of the document shown is ${actual}, but the control plane asks to sign ${approval.digest}`,
    'sign nothing, and call the auditor: this is a fault or tampering',
    {
      code: 'DigestMismatch',
      facts: { expected: approval.digest, actual },
    },
  );
}

function show({ out }: Context, approval: Approval): void {
  out.note(
    pairs(out.paint, [
      ['asks for', kindOf(approval)],
      ['strategy', approval.strategyId],
      ['run', approval.runId],
      ['still needed', missingPeople(approval).join(', ') || 'nobody'],
      ['expires', utc(approval.expiresAt)],
      ['digest', approval.digest],
    ]),
  );
  const document: unknown = JSON.parse(canonicalJson(approval.document)); // in the order that is signed
  out.note(`document\n${JSON.stringify(document, null, 2).replaceAll(/^/gm, '  ')}`);
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
    `run the command again to ${verb}, or use --decline to say no`,
    { code: 'NoConsent' },
  );
}
