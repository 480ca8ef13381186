import { kindWords, rolesWords } from './kind-words.ts';
import { plainText } from './plain-text.ts';
import type { EnrolledReply, SignedReply } from './session-reply.ts';
import type { Fact } from './sign-view.ts';

/** What is shown once something was done. `command`: a command line that somebody else has to give. */
export type DoneView = {
  readonly title: string;
  readonly text: string;
  readonly command?: string;
  readonly facts: readonly Fact[];
  readonly next: string;
};

const CLOSE = 'You can close this page: the command in your terminal goes on by itself.';

/** What became of a question after this person's answer. */
export function answeredView(decision: 'approve' | 'decline', { approval, receipt }: SignedReply): DoneView {
  return {
    title: decision === 'approve' ? 'Signed' : 'Declined',
    text: consequence(approval),
    facts: [
      ['Document', plainText(approval.digest)],
      ['In the ledger', `${plainText(receipt.log)}, entry ${receipt.index}`],
    ],
    next: CLOSE,
  };
}

function consequence({ kind, status, missingRoles }: SignedReply['approval']): string {
  const words = kindWords(kind);
  if (status === 'declined') return words.declined;
  if (status === 'complete') return words.complete;
  return `Still to sign: ${rolesWords(missingRoles)}. ${kind === 'kill-confirmation' ? 'Trading stays halted meanwhile.' : 'Until then nothing happens.'}`;
}

/** What became of an authenticator, and who has to do what before it signs. */
export const enrolledView = ({ credential, receipt }: EnrolledReply): DoneView => ({
  title: 'Registered, and not yet approved',
  text: `“${plainText(credential.label)}” signs nothing before somebody else has approved it: a risk officer or an SRE, who first makes sure that it is yours. They give this command:`,
  command: `npx tradepulse-cli credential approve ${plainText(credential.id)}`,
  facts: [['In the ledger', `${plainText(receipt.log)}, entry ${receipt.index}`]],
  next: CLOSE,
});
