import type { ApprovalKind } from './approval.ts';

const AGAIN: Readonly<Record<ApprovalKind, string>> = {
  'launch-confirmation': 'start the launch again',
  'flag-flip': 'start the launch again',
  'kill-confirmation': 'look at the run of the kill for what is asked now',
  'post-mortem': 'submit the post-mortem again: post-mortem submit',
  recovery: 'ask for the recovery again: recover',
};

/** What a person does to be asked anew, once a question of this kind is over. */
export const beginAgain = (kind: ApprovalKind): string => AGAIN[kind];
