import * as z from 'zod';
import { digestOf } from '../../domain/ledger/digest.ts';
import type { CiCheck, CiChecks } from '../../domain/ports/ci-checks.ts';
import type { GithubClient } from './github-client.ts';

const CheckRun = z.object({
  name: z.string(),
  head_sha: z.string(),
  status: z.string(),
  conclusion: z.string().nullable(),
  completed_at: z.string().nullable(),
  html_url: z.string().nullable().optional(),
});
const CheckRuns = z.object({ check_runs: z.array(CheckRun) });

/** The check runs of a commit, `GET /repos/{owner}/{repo}/commits/{ref}/check-runs`: the newest of each name, and those that are still running. */
export const githubCiChecks = (github: GithubClient): CiChecks => ({
  async read(repository, commit) {
    const [owner = '', repo = ''] = repository.split('/');
    const source = `${github.baseUrl}/repos/${repository}/commits/${commit}/check-runs`;
    const read = await github.getAll(
      '/repos/{owner}/{repo}/commits/{ref}/check-runs',
      { owner, repo, ref: commit, filter: 'latest' },
      CheckRuns,
      ({ check_runs }) => check_runs,
    );
    if ('problem' in read) return { source, problem: read.problem };
    const checks = read.value.map(checkOf);
    return { source, hash: digestOf(checks), checks };
  },
});

function checkOf({
  name,
  head_sha: commit,
  status,
  conclusion,
  completed_at,
  html_url,
}: z.infer<typeof CheckRun>): CiCheck {
  const finished = status === 'completed' && conclusion !== null && completed_at !== null;
  return {
    name,
    commit,
    ...(finished && { conclusion, completedAt: completed_at }),
    ...(html_url && { url: html_url }),
  };
}
