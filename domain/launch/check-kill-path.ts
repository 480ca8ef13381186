import { type Finding, finding, warning } from './finding.ts';
import { type KillPathReport, ProbedPath, type Trial } from './kill-path-report.ts';

/** What has to have been probed: each instance at each venue. */
export type Target = { readonly instances: readonly string[]; readonly venues: readonly string[] };

/**
 * Runbook 2, Go/No-Go: kill-switch wiring, as proved by rehearsing it in this run. Every path of every instance at every venue, and
 * nothing left resting. What was not tried is a no-go; what was tried without an order is said, and proves no more than it does.
 */
export function checkKillPath(report: KillPathReport, { instances, venues }: Target, hash?: string): Finding[] {
  const evidence = { source: 'kill-path.json', ...(hash !== undefined && { hash }), observedAt: report.to };
  const judged = (check: string, ok: boolean, expected: string, actual: string) =>
    finding(ok, 'KillPathNotProved', { check: `kill-path.${check}`, expected, actual, evidence });
  const capable = instances.map((id) => {
    const said = report.instances.find(({ instanceId }) => instanceId === id);
    return judged(`${id}.probe`, said?.capable === true, 'an engine that can be probed', said?.said ?? 'not asked');
  });
  const known = venues.map((id) => {
    const venue = report.venues.find((each) => each.venue === id);
    const actual = venue ? `registered as ${venue.registered}, says ${venue.says ?? 'nothing'}` : 'not asked';
    return judged(`${id}.kind`, venue?.agreed === true, 'the venue is what it is registered as', actual);
  });
  const tried = instances.flatMap((instance) =>
    venues.flatMap((venue) =>
      ProbedPath.options.map((path) => {
        const trial = report.trials.find((each) => isTrialOf(each, { instance, venue, path }));
        return judgeTrial(trial, `kill-path.${instance}.${venue}.${path}`, EXPECTED[path], evidence);
      }),
    ),
  );
  const left = venues.map((id) => {
    const after = report.left.find(({ venue }) => venue === id);
    return judged(`${id}.left`, after?.resting === 0, 'nothing rests afterwards', after?.said ?? 'not looked at');
  });
  return [...capable, ...known, ...tried, ...left];
}

const EXPECTED: Readonly<Record<ProbedPath, string>> = {
  cancel: 'a resting order is cancelled with our own key',
  'lease-loss': 'the engine cancels by itself when its lease is lost',
  block: 'a halted engine puts out nothing, and nothing rests',
};

const isTrialOf = (
  trial: Trial,
  { instance, venue, path }: { instance: string; venue: string; path: ProbedPath },
): boolean => trial.instanceId === instance && trial.venue === venue && trial.path === path;

function judgeTrial(
  trial: Trial | undefined,
  check: string,
  expected: string,
  { source, ...evidence }: Finding['evidence'],
): Finding {
  const seen = { check, expected, actual: trial?.said ?? 'not tried' };
  if (!trial) return finding(false, 'KillPathNotProved', { ...seen, evidence: { source, ...evidence } });
  const found = { ...seen, evidence: { source, ...evidence, observedAt: trial.at } };
  if (trial.proved && trial.way !== 'order') return warning('KillPathNotProved', found);
  return finding(trial.proved, 'KillPathNotProved', found);
}
