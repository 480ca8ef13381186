import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Access } from '../../lib/access.ts';
import { fromRoot } from '../../lib/from-root.ts';

/** What an adapter does behind each method of a port, as accesses. Ports that call engines or machines are treated below. */
const needs: Readonly<Record<string, readonly Access[]>> = {
  'strategies.read': ['readState'],
  'strategies.list': ['listState'],
  'strategies.readMany': ['readStateInBulk'],
  'records.getMany': ['readStateInBulk'],
  'portfolio.read': ['readPortfolio'],
  'strategies.commit': ['writeState', 'appendLedger'],
  'strategies.latchUnconditionally': ['writeState'],
  'records.get': ['readState'],
  'records.list': ['listState'],
  'records.all': ['listState'],
  'records.put': ['writeState'],
  'records.replace': ['writeState'],
  'records.latchScope': ['writeState'],
  'ledger.page': ['readState', 'readLedger'],
  'ledger.append': ['readState', 'writeState', 'appendLedger'],
  'ledger.commitTo': ['readState', 'writeState', 'appendLedger'],
  'refusals.count': ['countRefusals'],
  'refusals.due': ['listState'],
  'refusals.seal': ['readState', 'writeState', 'appendLedger', 'removeRefusals'],
  'spool.put': ['spoolKills'],
  'spool.read': ['readSpool'],
  'checkpoints.head': ['readState'],
  'checkpoints.entries': ['readLedger'],
  'checkpoints.newest': ['readLedger'],
  'checkpoints.list': ['readLedger'],
  'checkpoints.keep': ['appendLedger'],
  'archive.createOnce': ['archiveLedger'],
  'archive.read': ['readLedgerArchive'],
  'alarms.createOnce': ['keepLedgerAlarms'],
  'keys.all': ['readCheckpointKeys'],
  'keys.sign': ['signCheckpoints'],
  'flags.enable': ['writeFlag'],
  'flags.disable': ['writeFlag'],
  'flags.read': ['readFlag'],
  'executions.history': ['readHistory'],
  'executions.succeed': ['answerTasks'],
  'executions.fail': ['answerTasks'],
  'evidence.read': ['readEvidence'],
  'evidence.list': ['readEvidence'],
  'evidence.createOnce': ['writeEvidence'],
  'evidence.replace': ['writeEvidence'],
  'manifests.read': ['publishManifests'],
  'manifests.replace': ['publishManifests'],
  'riskLimits.replace': ['writeRiskLimits'],
  'trackers.read': ['readGithubToken'],
  'trackers.comment': ['readGithubToken'],
  'ciChecks.read': ['readGithubToken'],
  'incidents.createOnce': ['fileIncidents'],
  'digests.createOnce': ['fileDigests'],
  'digests.read': ['fileDigests'],
  'incidents.read': ['fileIncidents'],
  'bus.publish': ['publish'],
  'governance.sign': ['signGovernance'],
  'governance.publicKey': ['readGovernanceKey'],
  'plans.now': ['askForPlans'],
  'plans.show': ['askForPlans'],
  'venues.openOrders': ['askVenues'],
  'venues.cancelAll': ['askVenues'],
  'venues.cancel': ['askVenues'],
  'venues.positions': ['askVenues'],
  'venues.account': ['askVenues'],
  'venues.acceptedOrders': ['askVenues'],
  'venues.kind': ['askVenues'],
  'channels.send': ['readChannelSecrets', 'sendMail'],
};
const startOf: Readonly<Record<string, Access>> = {
  launch: 'startLaunch',
  stop: 'startStop',
  kill: 'startKill',
  recover: 'startRecovery',
  resume: 'startResume',
  validate: 'startValidate',
  review: 'startReview',
  'safe-mode': 'startSafeMode',
  'venue-instability': 'startVenueInstability',
};
const engineMethods =
  /\bengines\s*\.\s*(arm|halt|mode|throttle|cancelAll|deploy|smoke|probe|settle|riskStatus|openOrders|positions)\(/;

/** The file of a Lambda and every file its code comes from, adapters left out: what they need is `needs`. */
function sourcesOf(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file) || file.includes('/adapters/') || !existsSync(file)) return seen;
  seen.add(file);
  for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(
    /^(?:import|export) (?!type)[^;]*?from '(\.[^']+)'/gm,
  )) {
    sourcesOf(resolve(dirname(file), path), seen);
  }
  return seen;
}

function accessesIn(source: string, engines: Access): Access[] {
  const called = [...source.matchAll(/\b(\w+)\s*\.\s*(\w+)\(/g)].map(([, port, method]) => `${port}.${method}`);
  const started = [...source.matchAll(/\bexecutions\s*\.\s*start\(\s*'([\w-]+)'/g)].flatMap(
    ([, name = '']) => startOf[name] ?? [],
  );
  return [
    ...called.flatMap((call) => needs[call] ?? []),
    ...started,
    ...(engineMethods.test(source) ? [engines] : []),
    ...(/\b(registrationOf|registrations)\(/.test(source) ? (['readState', 'listState'] as const) : []),
    ...(/\bdeviceKeys\(/.test(source) ? (['listState'] as const) : []),
    ...(/\bdeviceKeyOf\(/.test(source) ? (['readState', 'readDeviceKeys'] as const) : []),
    ...(/\bshipDeviceKey\(/.test(source) ? (['shipDeviceKeys'] as const) : []),
    ...(/\btakeNonce\(/.test(source) ? (['writeState'] as const) : []),
    ...(/\bannounce(Attempt)?[(<]|\(announceAttempt\)/.test(source.replaceAll(/function announce/g, ''))
      ? (['publish'] as const)
      : []),
    ...(/\brecordRefusal\(/.test(source) ? (['countRefusals'] as const) : []),
    ...(/\bfileKillEvent\(/.test(source) ? (['fileKillEvents'] as const) : []),
    ...(/\breadKillEvents\(/.test(source) ? (['readKillEvents'] as const) : []),
  ];
}

/** The accesses that the code of a Lambda can come to need, by the ports it calls. The kill entrance signs with the kill key, all others with the command key. */
export function accessesReached(lambda: string): Access[] {
  const file = fromRoot('lambdas', `${lambda}.ts`);
  const engines = readFileSync(file, 'utf8').includes('kill-ports.ts') ? 'haltEngines' : 'commandEngines';
  const sources = [...sourcesOf(file)].map((path) => readFileSync(path, 'utf8'));
  return [...new Set(sources.flatMap((source) => accessesIn(source, engines)))].sort();
}
