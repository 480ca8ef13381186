import * as z from 'zod';
import type { GithubClient } from './github-client.ts';
import type { GithubApproval, GithubIssue, GithubNumber } from './github-trackers.ts';

/** Setting a label takes the permission to triage, so whoever set it belongs to the repository. */
const APPROVED = 'approved';

const Events = z.array(
  z.object({
    event: z.string(),
    actor: z.object({ login: z.string() }).nullable().optional(),
    label: z.object({ name: z.string() }).optional(),
  }),
);

/** Approved while it carries the label `approved` and is not closed as not planned; who set it is in its events. */
export async function readIssueApproval(
  { state, state_reason }: GithubIssue,
  { owner, repo, number }: GithubNumber,
  github: GithubClient,
): Promise<GithubApproval> {
  const at = { owner, repo, issue_number: number };
  const events = await github.getAll('/repos/{owner}/{repo}/issues/{issue_number}/events', at, Events, (page) => page);
  if ('problem' in events) return events;
  const last = events.value
    .filter(({ event, label }) => ['labeled', 'unlabeled'].includes(event) && label?.name === APPROVED)
    .at(-1);
  const labelled = last?.event === 'labeled';
  const abandoned = state === 'closed' && state_reason !== 'completed';
  return {
    approved: labelled && !abandoned,
    status: abandoned ? `closed: ${state_reason ?? 'no reason given'}` : labelled ? 'approved' : 'no label approved',
    approvedBy: labelled && last.actor ? [last.actor.login] : [],
  };
}
