import type { Access } from './access.ts';

/** Reading a strategy, deciding, and committing state and entry in one write: what nearly every step does. */
const change = ['readState', 'writeState', 'appendLedger'] as const;
const record = ['readEvidence', 'writeEvidence'] as const;

/**
 * What each Lambda may do, by its path below lambdas/. One that is missing here fails the build; test/lib holds every line
 * against the ports that the Lambda's code reaches, so that nothing is granted that is not used, nor used that is not granted.
 */
export const lambdaAccess: Readonly<Record<string, readonly Access[]>> = {
  'launch/open-run': [...change, ...record],
  'launch/check-change-approval': [...change, 'readEvidence', 'readGithubToken'],
  'launch/check-ci-health': [...change, 'readEvidence', 'readGithubToken'],
  'launch/check-market-readiness': [...change, 'readEvidence'],
  'launch/check-risk-envelope': [...change, 'readEvidence', 'commandEngines'],
  'launch/check-freezes': [...change, 'listState'],
  'launch/require-preconditions': [...change, ...record, 'listState'],
  'launch/lock-deployment': [...change, ...record],
  'launch/deploy-artifact': [...change, ...record, 'commandEngines'],
  'launch/validate-parameters': [...change, ...record, 'commandEngines'],
  'launch/ask-for-two-confirmations': [...change, 'readEvidence', 'listState'],
  'launch/publish-strategy-change': [...change, 'readEvidence', 'publish', 'signGovernance', 'listState'],
  'launch/run-smoke-validation': [...change, ...record, 'commandEngines', 'listState'],
  'launch/probe-kill-path': [...change, ...record, 'commandEngines', 'askVenues'],
  'launch/clear-probe-orders': [...change, ...record, 'askVenues'],
  'launch/decide-go-no-go': [...change, ...record, 'listState', 'commandEngines', 'readGovernanceKey'],
  'launch/ask-for-flip': [...change, 'readEvidence', 'listState'],
  'launch/arm-and-enable': [...change, ...record, 'listState', 'commandEngines', 'writeFlag'],
  'launch/confirm-live': [...change, ...record, 'readFlag'],
  'launch/disarm-and-disable': [...change, ...record, 'commandEngines', 'writeFlag'],
  'launch/release-deployment': [...change, ...record],

  'stop/open-stop': [...change, ...record, 'listState', 'answerTasks'],
  'stop/disable-live': [...change, ...record, 'writeFlag'],
  'stop/reduce-only': [...change, ...record, 'commandEngines'],
  'stop/count-open-orders': [...change, 'askVenues'],
  'stop/cancel-remaining-orders': [...change, ...record, 'askVenues'],
  'stop/settle-strategy': [...change, ...record, 'commandEngines'],
  'stop/record-stop': [...change, ...record, 'commandEngines'],

  'kill/halt-engines': [...change, 'readSpool', 'commandEngines'],
  'kill/disable-live': [...change, ...record, 'writeFlag'],
  'kill/freeze-launches': [...change, 'listState', 'answerTasks'],
  'kill/record-exposure': [...change, ...record, 'askVenues'],
  'kill/verify-venues': [...change, 'askVenues'],
  'kill/announce-kill': [...change, ...record, 'fileKillEvents'],
  'kill/ask-for-confirmer': [...change, 'answerTasks'],
  'kill/escalate-unconfirmed-kill': [...change],
  'kill/record-kill': [...change, ...record, 'fileKillEvents'],
  'kill/certify-kill': [...change, ...record, 'readLedger'],

  'recover/open-recovery': [...change, ...record],
  'recover/check-post-mortem': [...change],
  'recover/ask-for-two-signatures': [...change, ...record, 'readLedger', 'askVenues', 'answerTasks'],
  'recover/check-safety': [
    ...change,
    'readSpool',
    'readLedger',
    'readCheckpointKeys',
    'readFlag',
    'askVenues',
    'commandEngines',
  ],
  'recover/lift-latch': [
    ...change,
    ...record,
    'readSpool',
    'readLedger',
    'readCheckpointKeys',
    'readFlag',
    'askVenues',
    'commandEngines',
  ],
  'recover/close-recovery': [...change, ...record],

  'resume/open-resumption': [...change, ...record],
  'resume/check-preconditions': [...change, ...record, 'listState', 'commandEngines'],
  'resume/lock-deployment': [...change, ...record],
  'resume/reconcile': [...change, ...record, 'askVenues', 'commandEngines'],
  'resume/validate-parameters': [...change, ...record, 'commandEngines'],
  'resume/ask-to-resume': [...change, ...record, 'readLedger'],
  'resume/decide-resumption': [...change, ...record, 'listState', 'askVenues', 'commandEngines', 'readGovernanceKey'],
  'resume/arm-again': [...change, ...record, 'listState', 'commandEngines', 'writeFlag'],
  'resume/disarm-and-disable': [...change, ...record, 'commandEngines', 'writeFlag'],
  'resume/confirm-live': [...change, ...record, 'readFlag'],
  'resume/release-deployment': [...change, ...record],

  'validate/open-validation': [...change, ...record],
  'validate/run-smoke': [...change, ...record, 'commandEngines', 'listState'],
  'validate/record-validation': [...change, ...record],

  // its memory holds all engines; the spool is where a kill goes when the store is away
  'api/kill': [...change, 'listState', 'countRefusals', 'spoolKills', 'haltEngines', 'startKill'],
  // a kill of its own, whose memory holds the keys of devices too
  'api/device-kill': [
    ...change,
    'listState',
    'countRefusals',
    'spoolKills',
    'readDeviceKeys',
    'haltEngines',
    'startKill',
  ],
  'api/launch': [
    ...change,
    'listState',
    'countRefusals',
    'readSpool',
    'readEvidence',
    'startLaunch',
    'startResume',
    'startValidate',
    'publishManifests',
    'askForPlans',
  ],
  'api/guardrails': [...change, 'listState', 'countRefusals', 'readEvidence', 'writeRiskLimits', 'commandEngines'],
  'api/command': [...change, 'countRefusals', 'commandEngines', 'askVenues', 'startStop', 'shipDeviceKeys'],
  // post-mortems are filed by this one alone
  'api/recovery': [
    ...change,
    'listState',
    'countRefusals',
    'readSpool',
    'readLedger',
    'fileIncidents',
    'startRecovery',
  ],
  'api/sign': [...change, 'listState', 'countRefusals', 'answerTasks', 'publish', 'askForPlans'],
  'api/page': [],
  'api/query': [
    ...change,
    'listState',
    'countRefusals',
    'readSpool',
    'readFlag',
    'readEvidence',
    'readKillEvents',
    'readHistory',
    'askForPlans',
  ],
  'api/ledger': ['readState', 'countRefusals', 'readLedger', 'readLedgerArchive', 'readCheckpointKeys'],
  'api/lease': [...change, 'listState', 'countRefusals', 'readSpool', 'readFlag'],

  'operations/register-strategies': [...change, 'writeFlag', 'readGovernanceKey'],
  'operations/create-signing-key': ['createKillKey'],
  'operations/follow-execution': [
    ...change,
    ...record,
    'listState',
    'commandEngines',
    'writeFlag',
    'answerTasks',
    'startKill',
  ],
  // looks at everything and may change nothing
  'operations/draft-plan': ['readState', 'listState', 'readEvidence', 'commandEngines', 'readGithubToken'],
  'operations/checkpoint': [
    ...change,
    'listState',
    'readLedger',
    'archiveLedger',
    'readLedgerArchive',
    'signCheckpoints',
    'readCheckpointKeys',
    'publish',
  ],
  'operations/record-strategy-change': [...change, 'countRefusals', 'readGovernanceKey'],
  'operations/watch-ledger': ['keepLedgerAlarms', 'publish'],
  'operations/health-tick': [
    ...change,
    'listState',
    'readSpool',
    'removeRefusals',
    'readEvidence',
    'answerTasks',
    'readHistory',
    'startStop',
    'startKill',
  ],
};

/** What a Lambda may do. Throws for one that nobody has thought about. */
export function accessOf(lambda: string): readonly Access[] {
  const granted = lambdaAccess[lambda];
  if (!granted) throw new Error(`lambdas/${lambda}.ts has no line in lib/lambda-access.ts; say there what it may do`);
  return granted;
}
