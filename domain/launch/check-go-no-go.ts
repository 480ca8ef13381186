import { type Approved, type Attested, checkAttestation } from './check-attestation.ts';
import { type Finding, finding } from './finding.ts';

/** What `risk/live/status` of one engine instance says, as far as go/no-go needs it. */
export type LiveStatus = Attested & {
  killSwitch: { subscribed: boolean };
  acknowledgements: { healthy: boolean };
  queueBacklog: number;
};

export type GoNoGoEvidence = {
  instances: readonly string[];
  statuses: readonly LiveStatus[];
  approved: Approved;
  /** The digest in the recorded `governance.strategy_changes` event of this run. */
  changeEventDigest: string | undefined;
  planDigest: string;
  now: Date;
};

/** Runbook 2, Go/No-Go criteria: acknowledgements healthy, no backlog, limits and kill wiring confirmed, and the change event recorded with this digest. */
export function checkGoNoGo({
  instances,
  statuses,
  approved,
  changeEventDigest,
  planDigest,
  now,
}: GoNoGoEvidence): Finding[] {
  const event = finding(changeEventDigest === planDigest, 'NoGo', {
    check: 'governance.change-event',
    expected: planDigest,
    actual: changeEventDigest ?? 'no recorded event',
    evidence: { source: 'governance.strategy_changes', observedAt: now.toISOString() },
  });
  const wiring = instances.flatMap((instanceId) =>
    checkLiveStatus(
      instanceId,
      statuses.find((status) => status.instanceId === instanceId),
      now,
    ),
  );
  return [...wiring, ...checkAttestation(instances, statuses, approved, now), event];
}

function checkLiveStatus(instanceId: string, status: LiveStatus | undefined, now: Date): Finding[] {
  const evidence = { source: `risk/live/status of ${instanceId}`, observedAt: now.toISOString() };
  const check = (name: string, ok: boolean, expected: string, actual: string) =>
    finding(ok, 'NoGo', { check: `${instanceId}.${name}`, expected, actual: status ? actual : 'no answer', evidence });
  return [
    check(
      'acknowledgements',
      status?.acknowledgements.healthy === true,
      'healthy',
      status?.acknowledgements.healthy === true ? 'healthy' : 'not healthy',
    ),
    check('queue', status?.queueBacklog === 0, 'no backlog', `${status?.queueBacklog} waiting`),
    check(
      'kill-switch',
      status?.killSwitch.subscribed === true,
      'subscribed',
      status?.killSwitch.subscribed === true ? 'subscribed' : 'not subscribed',
    ),
  ];
}
