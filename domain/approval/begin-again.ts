import type { ApprovalKind } from './approval.ts';

const AGAIN: Readonly<Record<ApprovalKind, string>> = {
  'launch-confirmation': 'start the launch again',
  'flag-flip': 'start the launch again',
  'kill-confirmation': 'look at the run of the kill for what is asked now',
  'post-mortem': 'submit the post-mortem again: post-mortem submit',
  recovery: 'ask for the recovery again: recover',
  resume: 'ask for the resumption again: resume',
  limits: 'propose the limits again: limits apply',
  unfreeze: 'ask again: unfreeze',
  'drain-sign-off': 'nothing: what nobody signed for in time is cancelled, and the stop goes on',
  override: 'ask for the override again: override request',
  attestation: 'make the statement again: attest',
  lift: 'ask for the lift again: resume',
};

/** What a person does to be asked anew, once a question of this kind is over. */
export const beginAgain = (kind: ApprovalKind): string => AGAIN[kind];
