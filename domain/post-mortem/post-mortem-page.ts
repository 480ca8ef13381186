import type { Approval } from '../approval/approval.ts';
import type { Action, PostMortem } from './post-mortem.ts';

/** The newest version as people read it: the text as it was signed, and below it what has happened since. */
export function postMortemPage(text: string, postMortem: PostMortem, approval: Approval | undefined): string {
  const { edition, digest, actions } = postMortem;
  return [
    text.trimEnd(),
    '---',
    `Version ${edition}, ${digest}. What follows is not part of the file.`,
    `## Actions now\n\n${actions.map(actionLine).join('\n')}`,
    `## Signed off by\n\n${signatureLines(approval).join('\n')}`,
  ]
    .join('\n\n')
    .concat('\n');
}

const actionLine = ({ text, due, blocking, done }: Action, index: number): string =>
  `${index + 1}. ${text} (due ${due}${blocking ? ', blocks recovery' : ''}): ${done ? `done at ${done.at}, ${done.evidence}` : 'open'}`;

function signatureLines(approval: Approval | undefined): string[] {
  const signatures = approval?.signatures ?? [];
  if (signatures.length === 0) return ['Nobody yet.'];
  return signatures.map(
    ({ actor, role, decision, at, reason }) =>
      `* ${actor}, ${role}: ${decision} at ${at}${reason === undefined ? '' : ` (${reason})`}`,
  );
}
