import * as z from 'zod';
import { digestOf } from '../../domain/ledger/digest.ts';
import type { NoTicket, TicketFacts, Trackers } from '../../domain/ports/trackers.ts';
import { githubRefIn } from '../../domain/ticket/ticket-ref.ts';
import type { GithubClient } from './github-client.ts';
import { readIssueApproval } from './read-issue-approval.ts';
import { readPullApproval } from './read-pull-approval.ts';

const Person = z.object({ login: z.string() });

/** What issues and pull requests have in common: GitHub serves both as issues. */
const Issue = z.object({
  title: z.string(),
  body: z.string().nullable().optional(),
  state: z.string(),
  state_reason: z.string().nullable().optional(),
  user: Person,
  pull_request: z.unknown().optional(),
});
export type GithubIssue = z.infer<typeof Issue>;

/** Which issue or pull request, in the words of GitHub's routes. */
export type GithubNumber = { readonly owner: string; readonly repo: string; readonly number: number };

/** What says that it is approved; or why that could not be read. */
export type GithubApproval =
  | Pick<TicketFacts, 'approved' | 'status' | 'approvedBy' | 'commit'>
  | { readonly missing: boolean; readonly problem: string };

/**
 * Issues and pull requests of GitHub as tickets: a pull request is approved by its reviews, an issue by the label `approved`.
 * What a ticket is about are the words of its title and its text.
 */
export const githubTrackers = (github: GithubClient): Trackers => ({
  async read(ref) {
    const named = githubRefIn(ref);
    if (!named) return { source: ref, missing: true, problem: `${ref} is no ticket at GitHub` };
    const { owner, repository: repo, number } = named;
    return readIssue({ owner, repo, number }, github);
  },
  async comment(ref, { text, marker }) {
    const named = githubRefIn(ref);
    if (!named) return { problem: `${ref} is no ticket at GitHub` };
    const at = { owner: named.owner, repo: named.repository, issue_number: named.number };
    const there = await github.getAll(COMMENTS, at, z.array(Comment), (page) => page);
    if ('problem' in there) return { problem: there.problem };
    if (there.value.some(({ body }) => body?.includes(marker))) return {};
    const written = await github.post(COMMENTS, { ...at, body: text }, Comment);
    return 'problem' in written ? { problem: written.problem } : {};
  },
});

const COMMENTS = '/repos/{owner}/{repo}/issues/{issue_number}/comments';
const Comment = z.object({ body: z.string().nullable().optional() });

async function readIssue(at: GithubNumber, github: GithubClient): Promise<TicketFacts | NoTicket> {
  const source = `${github.baseUrl}/repos/${at.owner}/${at.repo}/issues/${at.number}`;
  const read = await github.get('/repos/{owner}/{repo}/issues/{number}', at, Issue);
  if ('problem' in read) return { source, ...read };
  const issue = read.value;
  const approval = issue.pull_request ? await readPullApproval(at, github) : await readIssueApproval(issue, at, github);
  if ('problem' in approval) return { source, ...approval };
  const facts = { ...approval, openedBy: issue.user.login, about: wordsOf(issue) };
  return { source, hash: digestOf(facts), ...facts };
}

const wordsOf = ({ title, body }: GithubIssue): string[] => [
  ...new Set(`${title}\n${body ?? ''}`.match(/[a-z][a-z0-9-]*/g) ?? []),
];
