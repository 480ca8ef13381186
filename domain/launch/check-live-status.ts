import type { RiskStatus } from '../engine/risk-status.ts';
import { checkAttestation } from './check-attestation.ts';
import { type Finding, finding } from './finding.ts';
import type { GoNoGoEvidence } from './go-no-go-evidence.ts';

type Checked = Pick<GoNoGoEvidence, 'instances' | 'statuses' | 'approved' | 'strategy' | 'epoch' | 'at'>;
type Status = GoNoGoEvidence['statuses'][number];

/** A status that was asked for longer ago says nothing about now. */
export const FRESH_MS = 10_000;

/** Whether something was seen shortly before it was judged, and not after. */
export const isFresh = (seenAt: string, judgedAt: string): boolean => {
  const age = Date.parse(judgedAt) - Date.parse(seenAt);
  return age >= 0 && age <= FRESH_MS;
};

/** Runbook 2, Go/No-Go: `risk/live/status` of every instance confirms effective limits and kill-switch wiring; orders are acknowledged, and none waits. */
export function checkLiveStatus({ instances, statuses, approved, strategy, epoch, at }: Checked): Finding[] {
  const asked = instances.map((instanceId) =>
    judgeInstance(
      statuses.find((each) => each.instanceId === instanceId),
      { instanceId, strategy, epoch, at },
    ),
  );
  const said = statuses.flatMap(({ status, ...seen }) => (status && isFresh(seen.at, at) ? [status] : []));
  const approvedNow = approved ?? NOTHING_APPROVED;
  return [...asked.flat(), ...checkAttestation(instances, said, approvedNow, new Date(at))];
}

const NOTHING = 'nothing: no manifest approves anything now';
const NOTHING_APPROVED = { artifactDigest: NOTHING, limitsDigest: NOTHING, parametersDigest: NOTHING };

type Expected = Pick<Checked, 'strategy' | 'epoch' | 'at'> & { readonly instanceId: string };
type Check = {
  readonly name: string;
  readonly expected: (of: Expected) => string;
  readonly actual: (status: RiskStatus) => string;
  readonly holds: (status: RiskStatus, of: Expected) => boolean;
};

const CHECKS: readonly Check[] = [
  {
    name: 'status',
    expected: ({ instanceId, strategy }) => `${instanceId} of ${strategy}`,
    actual: ({ instanceId, strategyId }) => `${instanceId} of ${strategyId}`,
    holds: (status, { instanceId, strategy }) => status.instanceId === instanceId && status.strategyId === strategy,
  },
  {
    name: 'acknowledgements',
    expected: () => 'healthy',
    actual: ({ acknowledgements: { healthy } }) => words(healthy, 'healthy'),
    holds: ({ acknowledgements: { healthy } }) => healthy,
  },
  {
    name: 'queue',
    expected: () => 'no backlog',
    actual: ({ queueBacklog }) => `${queueBacklog} waiting`,
    holds: ({ queueBacklog }) => queueBacklog === 0,
  },
  {
    name: 'kill-switch',
    expected: () => 'subscribed',
    actual: ({ killSwitch: { subscribed } }) => words(subscribed, 'subscribed'),
    holds: ({ killSwitch: { subscribed } }) => subscribed,
  },
  {
    name: 'epoch',
    expected: ({ epoch }) => `at most epoch ${epoch}`,
    actual: ({ epoch }) => `epoch ${epoch}`,
    holds: (status, { epoch }) => status.epoch <= epoch,
  },
  {
    name: 'mode',
    expected: () => 'SAFE until it is armed',
    actual: ({ mode }) => mode,
    holds: ({ mode }) => mode === 'SAFE',
  },
];

function judgeInstance(seen: Status | undefined, of: Expected): Finding[] {
  const evidence = { source: `risk/live/status of ${of.instanceId}`, observedAt: seen?.at ?? of.at };
  const status = seen && isFresh(seen.at, of.at) ? seen.status : null;
  return CHECKS.map(({ name, expected, actual, holds }) =>
    finding(status !== null && holds(status, of), 'NoGo', {
      ...{ check: `${of.instanceId}.${name}`, expected: expected(of), evidence },
      actual: status ? actual(status) : silence(seen),
    }),
  );
}

const words = (is: boolean, what: string): string => (is ? what : `not ${what}`);

function silence(seen: Status | undefined): string {
  if (!seen) return 'no answer';
  return seen.status ? `asked at ${seen.at}, which is not now` : seen.said;
}
