import * as z from 'zod';
import type { GithubClient } from './github-client.ts';
import type { GithubApproval, GithubNumber } from './github-trackers.ts';

const Pull = z.object({ state: z.string(), merged: z.boolean(), head: z.object({ sha: z.string() }) });
const Review = z.object({
  user: z.object({ login: z.string() }).nullable(),
  state: z.string(),
  commit_id: z.string().nullable().optional(),
  author_association: z.string(),
});
type Review = z.infer<typeof Review>;
const Reviews = z.array(Review);

/** Anybody may review what is public; these belong to the repository. */
const INSIDERS = ['OWNER', 'MEMBER', 'COLLABORATOR'];
/** A comment changes nothing about an earlier verdict. */
const VERDICTS = ['APPROVED', 'CHANGES_REQUESTED', 'DISMISSED'];

/** Approved when somebody of the repository has approved the very head, nobody asks for changes, and it was not closed without being merged. */
export async function readPullApproval(
  { owner, repo, number }: GithubNumber,
  github: GithubClient,
): Promise<GithubApproval> {
  const at = { owner, repo, pull_number: number };
  const pull = await github.get('/repos/{owner}/{repo}/pulls/{pull_number}', at, Pull);
  if ('problem' in pull) return pull;
  const reviews = await github.getAll('/repos/{owner}/{repo}/pulls/{pull_number}/reviews', at, Reviews, (page) => page);
  if ('problem' in reviews) return reviews;
  return judge(pull.value, latestOf(reviews.value));
}

/** GitHub lists reviews in the order they came. */
const latestOf = (reviews: readonly Review[]): Map<string, Review> =>
  new Map(
    reviews
      .filter(({ state, author_association }) => VERDICTS.includes(state) && INSIDERS.includes(author_association))
      .flatMap((review) => (review.user ? [[review.user.login, review] as const] : [])),
  );

function judge({ state, merged, head }: z.infer<typeof Pull>, latest: ReadonlyMap<string, Review>): GithubApproval {
  const by = (wanted: string) => [...latest].filter(([, review]) => review.state === wanted);
  const approvedBy = by('APPROVED').flatMap(([login, { commit_id }]) => (commit_id === head.sha ? [login] : []));
  const against = by('CHANGES_REQUESTED').map(([login]) => login);
  const closed = state === 'closed' && !merged;
  return {
    approved: approvedBy.length > 0 && against.length === 0 && !closed,
    status: statusOf({ closed, against, approvedBy }),
    approvedBy,
    commit: head.sha,
  };
}

function statusOf({
  closed,
  against,
  approvedBy,
}: {
  closed: boolean;
  against: string[];
  approvedBy: string[];
}): string {
  if (closed) return 'closed without being merged';
  if (against.length > 0) return `${against.join(', ')} asked for changes`;
  return approvedBy.length > 0 ? 'approved' : 'nobody of the repository has approved its newest commit';
}
