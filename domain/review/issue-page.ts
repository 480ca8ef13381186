import type { RunId } from '../ids.ts';
import { escapeMarkdown as text } from './escape-markdown.ts';
import { MEANINGS } from './finding-code.ts';
import type { ReviewFinding } from './review.ts';
import { RETROSPECTIVE } from './review-files.ts';

/** Which finding of the review it is, from 1. */
export type NumberedFinding = ReviewFinding & { readonly number: number };

/** Where the issue of a finding stands in the folder of the run: the same finding of the same run always there. */
export const issueFile = ({ number, code }: NumberedFinding): string =>
  `${RETROSPECTIVE}/${String(number).padStart(2, '0')}-${code}.md`;

/** Runbook 7.3: a retrospective issue, as somebody can hand it to a tracker. */
export function issuePage(run: RunId, finding: NumberedFinding): string {
  const { number, code, severity, what, where } = finding;
  const { title, next } = MEANINGS[code];
  return [
    `# ${title}`,
    `Issue ${number} of ${text(run)}, code \`${code}\`, severity ${severity}.`,
    `**What was found.** ${text(what)}`,
    ...(where === undefined ? [] : [`**Where.** ${text(where)}`]),
    `**What to do next.** ${text(next)}`,
  ]
    .join('\n\n')
    .concat('\n');
}
