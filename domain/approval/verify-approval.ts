import { digestOf } from '../ledger/digest.ts';
import { wrongWebauthn } from '../ledger/verify/webauthn-proof.ts';
import type { DemoAuthenticators } from '../ports/webauthn.ts';
import { Refusal } from '../refusal.ts';
import type { Strategy } from '../strategy.ts';
import { type Approval, missingRoles, type Signature } from './approval.ts';
import { refuseAuthor } from './authors-of.ts';
import { beginAgain } from './begin-again.ts';
import { planChanged } from './plan-changed.ts';
import { nonceOf } from './sign-approval.ts';

/**
 * Checks once more, right before the act, that an approval still carries it: complete, unexpired, at the present epoch, its
 * document unchanged, and signed by as many people as roles, each signature checked again (architecture section 5). Never trusts that a
 * waiting state was resumed. Returns the approval itself, or why it does not carry.
 */
export function verifyApproval(
  approval: Approval | undefined,
  state: Pick<Strategy, 'epoch'>,
  now: Date,
  demoAuthenticators: DemoAuthenticators,
): Approval | Refusal {
  if (!approval)
    return new Refusal('UnknownApproval', 'nobody was asked to sign for this run', 'begin again, and have it signed');
  if (approval.changed) return planChanged(approval);
  const next = beginAgain(approval.kind);
  const people = new Set(
    approval.signatures.filter(({ decision }) => decision === 'approve').map(({ actor }) => actor),
  );
  if (
    approval.status !== 'complete' ||
    missingRoles(approval).length > 0 ||
    people.size < approval.requiredRoles.length
  ) {
    return new Refusal('ApprovalClosed', `the approval ${approval.id} is not complete`, next, {
      missing: missingRoles(approval),
    });
  }
  if (now.toISOString() >= approval.expiresAt) {
    return new Refusal('ApprovalExpired', `the approval expired at ${approval.expiresAt}`, next, {
      expiresAt: approval.expiresAt,
    });
  }
  if (approval.epoch !== state.epoch) {
    return new Refusal('StaleEpoch', 'the approval was given at an older epoch', next, {
      approved: approval.epoch,
      now: state.epoch,
    });
  }
  if (digestOf(approval.document) !== approval.digest) {
    return new Refusal(
      'DigestMismatch',
      'the approved document is not the one that was signed',
      'treat this as tampering and call the auditor',
      { approval: approval.id },
    );
  }
  return refuseSignatures(approval, demoAuthenticators) ?? approval;
}

/** By other code than the one that took the signatures, so that an item of the store that somebody edited carries nothing. */
export function refuseSignatures(approval: Approval, demoAuthenticators: DemoAuthenticators): Refusal | undefined {
  const given = approval.signatures.filter(({ decision }) => decision === 'approve');
  return given.map((each) => refuseSignature(each, approval, demoAuthenticators)).find((each) => each !== undefined);
}

function refuseSignature(
  { actor, proof }: Signature,
  approval: Approval,
  demoAuthenticators: DemoAuthenticators,
): Refusal | undefined {
  const { id, digest, document } = approval;
  const author = refuseAuthor(approval, { subject: actor });
  if (author) return author;
  const wrong = wrongWebauthn(proof, { signers: [actor], digest, nonce: nonceOf(document), approval: id });
  if (wrong !== undefined)
    return new Refusal('SignatureInvalid', `a signature of ${id} ${wrong}`, 'ask for the signatures again', {
      approval: id,
      actor,
    });
  if (proof?.authenticator !== 'demo' || demoAuthenticators === 'accepted') return undefined;
  return new Refusal(
    'DemoCredentialRefused',
    `${id} was signed by an authenticator in software, which counts on a demo machine only`,
    'sign with an authenticator of your own',
    { approval: id, actor },
  );
}
