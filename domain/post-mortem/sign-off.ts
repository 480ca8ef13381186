import type { Approval } from '../approval/approval.ts';
import { missingRoles } from '../approval/approval.ts';
import { approvalId } from '../approval/open-approval.ts';
import { refuseSignatures } from '../approval/verify-approval.ts';
import type { RunId } from '../ids.ts';
import { digestOf } from '../ledger/digest.ts';
import type { Ports } from '../ports/ports.ts';
import type { DemoAuthenticators } from '../ports/webauthn.ts';
import { Refusal } from '../refusal.ts';
import type { PostMortem } from './post-mortem.ts';

export type Filed = {
  readonly postMortem: PostMortem | undefined;
  readonly approval: Approval | undefined;
  readonly demoAuthenticators: DemoAuthenticators;
};

type FiledPorts = { readonly records: Pick<Ports['records'], 'get'>; readonly demoAuthenticators: DemoAuthenticators };

/** The newest version of a kill's post-mortem, and the question of its sign-off. */
export async function filedOf(runId: RunId, { records, demoAuthenticators }: FiledPorts): Promise<Filed> {
  const [postMortem, approval] = await Promise.all([
    records.get('POSTMORTEM', runId),
    records.get('APPROVAL', approvalId({ runId }, 'post-mortem')),
  ]);
  return { postMortem, approval, demoAuthenticators };
}

/**
 * The post-mortem, if three people in their roles have signed this very version. A sign-off says what was: neither time nor a
 * repeated kill takes it back, only a new version does. Refuses with PostMortemMissing otherwise.
 */
export function signedPostMortem(
  { postMortem, approval, demoAuthenticators }: Filed,
  runId: RunId,
): PostMortem | Refusal {
  const next = `tradepulse-cli post-mortem show ${runId}`;
  if (!postMortem)
    return new Refusal(
      'PostMortemMissing',
      `there is no post-mortem of ${runId}`,
      `tradepulse-cli post-mortem draft ${runId}`,
    );
  if (!approval || approval.document['digest'] !== postMortem.digest || approval.digest !== digestOf(approval.document))
    return new Refusal('PostMortemMissing', `version ${postMortem.edition} was never put to anybody`, next);
  const people = new Set(
    approval.signatures.filter(({ decision }) => decision === 'approve').map(({ actor }) => actor),
  );
  const missing = missingRoles(approval);
  if (approval.status === 'complete' && missing.length === 0 && people.size >= approval.requiredRoles.length)
    return refuseSignatures(approval, demoAuthenticators) ?? postMortem;
  return new Refusal(
    'PostMortemMissing',
    `the post-mortem of ${runId} is not signed off: version ${postMortem.edition} is ${approval.status}`,
    next,
    { missing, status: approval.status },
  );
}
