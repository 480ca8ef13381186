import type { CiCheck, CiRead } from '../ports/ci-checks.ts';
import { type EvidenceRef, type Finding, finding } from './finding.ts';

const HOUR_MS = 3_600_000;

export type CiHealth = {
  readonly commit: string;
  readonly requiredChecks: readonly string[];
  readonly maxAgeHours: number;
};

/** Runbook 1.2: every required check of exactly this commit has succeeded, and lately enough. Missing, unfinished, old or unreadable is a no-go. */
export function checkCiHealth({ commit, requiredChecks, maxAgeHours }: CiHealth, read: CiRead, now: Date): Finding[] {
  const evidence = { source: read.source, observedAt: now.toISOString(), ...(read.hash && { hash: read.hash }) };
  if ('problem' in read)
    return [
      finding(false, 'CiUnreadable', {
        check: 'ci.readable',
        expected: `the checks of commit ${commit}`,
        actual: read.problem,
        evidence,
      }),
    ];
  return requiredChecks.map((name) => {
    const runs = read.checks.filter((check) => check.name === name && check.commit === commit);
    return judge(name, newest(runs), { commit, oldest: now.getTime() - maxAgeHours * HOUR_MS, evidence });
  });
}

/** The one that finished last; one that has not finished is newer than all that have. */
const newest = (runs: readonly CiCheck[]): CiCheck | undefined =>
  runs.toSorted((left, right) => (finishedAt(left) < finishedAt(right) ? 1 : -1)).at(0);

const finishedAt = ({ completedAt }: CiCheck): number =>
  completedAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(completedAt);

type Against = { readonly commit: string; readonly oldest: number; readonly evidence: EvidenceRef };

function judge(name: string, run: CiCheck | undefined, { commit, oldest, evidence }: Against): Finding {
  const seen = { check: `ci.${name}`, expected: `success of ${name} for commit ${commit}`, evidence };
  if (!run) return finding(false, 'CiMissing', { ...seen, actual: 'there is no such check of this commit' });
  const { conclusion, completedAt, url } = run;
  const where = url === undefined ? '' : ` (${url})`;
  if (conclusion === undefined || completedAt === undefined)
    return finding(false, 'CiNotGreen', { ...seen, actual: `it has not finished${where}` });
  const told = `${conclusion} at ${completedAt}${where}`;
  if (conclusion !== 'success') return finding(false, 'CiNotGreen', { ...seen, actual: told });
  return finding(Date.parse(completedAt) >= oldest, 'CiStale', {
    ...seen,
    expected: `${seen.expected} since ${new Date(oldest).toISOString()}`,
    actual: told,
  });
}
