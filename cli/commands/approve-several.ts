import { ApprovalId, Digest } from '../../domain/ids.ts';
import { challengeOf } from '../../domain/signature/assertion.ts';
import { batchDigest, batchNonce } from '../../domain/signature/signing-batch.ts';
import type { ApiClient } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { exitOf } from '../exit-codes.ts';
import { announceApprovals } from '../follow/next-signatures.ts';
import { Approval, SeveralOptions, SeveralSigned } from '../replies.ts';
import { type DemoAuthenticator, demoAssertion, demoAuthenticator } from '../session/demo-authenticator.ts';
import type { SignOptions } from './approve.ts';
import { requireConsent } from './require-consent.ts';
import { requireTrueDigest, showApproval } from './show-approval.ts';
import { signApproval } from './sign-approval.ts';

/** A reply that is lost on its way is asked for again: the same key signs nothing twice, and completes what was begun. */
const INSISTENCE = { withinMs: 40_000, attemptMs: 20_000, isAcknowledged: () => true };

/** Several launches, each shown whole with its digest, and one signature over all of them (runbook 2.3). Where that takes the signing page, one after the other. */
export async function approveSeveral(context: Context, ids: readonly string[], options: SignOptions): Promise<void> {
  if (options.decline)
    throw new CliError('usage', 'nothing was done: a no is said to one question', 'decline them one by one');
  const api = await context.api('sign');
  const shown: Approval[] = [];
  for (const id of ids) {
    const approval = await api.get(`/v1/approvals/${encodeURIComponent(id)}`, Approval);
    requireTrueDigest(approval);
    showApproval(context, approval);
    shown.push(approval);
  }
  const [first, ...others] = shown;
  if (first) await requireConsent(context, [first, ...others], options);
  const { data: dataPath, as } = context.options;
  const authenticator = as === undefined || options.browser ? undefined : await demoAuthenticator(dataPath, as);
  if (as === undefined || authenticator === undefined) return oneByOne(context, api, shown, options);
  await together(context, api, { shown, name: as, authenticator, reason: options.reason });
}

/** The signing page shows and signs one document: whoever has an authenticator of their own signs there as often as there are questions. */
async function oneByOne(context: Context, api: ApiClient, shown: readonly Approval[], options: SignOptions) {
  const { out } = context;
  out.note('\nthe signing page signs one document at a time: it opens once for each');
  for (const approval of shown) {
    const signed = await signApproval(context, api, approval, options);
    out.step('succeeded', `${approval.strategyId}: ${signed.summary}`, undefined, signed);
    afterwards(context, signed.approval);
  }
}

type Together = {
  readonly shown: readonly Approval[];
  readonly name: string;
  readonly authenticator: DemoAuthenticator;
  readonly reason: string | undefined;
};

async function together(
  context: Context,
  api: ApiClient,
  { shown, name, authenticator, reason }: Together,
): Promise<void> {
  const { surroundings, out } = context;
  const body = { approvals: shown.map(({ id }) => id) };
  const given = await api.post('/v1/approvals/signing-options', SeveralOptions, {
    body,
    idempotencyKey: surroundings.newKey(),
  });
  const { expiresAt, origin, options } = given;
  const batch = requireSame(shown, expiresAt, options.challenge);
  const here = { challenge: options.challenge, rpId: options.rpId, origin };
  const assertion = await demoAssertion({ dataPath: context.options.data, name, authenticator }, here, surroundings);
  const post = { body: { ...batch, assertion, ...(reason && { reason }) }, idempotencyKey: surroundings.newKey() };
  const { items, summary } = await api.insist('/v1/approvals/signatures', SeveralSigned, post, {
    ...INSISTENCE,
    onRetry: (why) => out.note(`again: ${why}`),
  });
  for (const { approval, status, refusal } of items) {
    const was = shown.find(({ id }) => id === approval);
    const what = was?.strategyId ?? approval;
    if (refusal) out.step('failed', `${what}: ${refusal.detail} [${refusal.code}]`, undefined, { approval, refusal });
    else out.step('succeeded', `${what}: signed: the question is ${status}`, undefined, { approval, status });
    if (was && !refusal) afterwards(context, await api.get(`/v1/approvals/${encodeURIComponent(approval)}`, Approval));
  }
  requireAll(items, summary);
}

/** What is signed is made here, from the documents that were shown: a control plane that has others signed along is found out. */
function requireSame(shown: readonly Approval[], expiresAt: string, challenge: string) {
  const items = shown
    .map(({ id, digest }) => ({ approval: ApprovalId.parse(id), digest: Digest.parse(digest) }))
    .toSorted((one, other) => (one.approval < other.approval ? -1 : 1));
  const batch = { items, nonce: batchNonce({ items, expiresAt }), expiresAt };
  if (challengeOf(batchDigest(batch)) === challenge) return batch;
  throw new CliError(
    'conflict',
    'the control plane asks to sign something else than the documents shown',
    'sign nothing, and call the auditor: this is a fault or tampering',
    { code: 'DigestMismatch', facts: { expected: challengeOf(batchDigest(batch)), actual: challenge } },
  );
}

function afterwards(context: Context, approval: Approval): void {
  if (approval.status === 'open') announceApprovals(context, [approval]);
  else context.out.note(`  follow it: ${context.command(`runs ${approval.runId} --follow`)}`);
}

/** Refused ones decide how the command ends, once all of them are told. */
function requireAll(items: SeveralSigned['items'], summary: string): void {
  const [first] = items.flatMap(({ refusal }) => refusal ?? []);
  if (first) throw new CliError(exitOf(first.code), summary, first.next, { code: first.code, facts: { items } });
}
