import { checkKillPath } from '../../domain/launch/check-kill-path.ts';
import { passes } from '../../domain/launch/finding.ts';
import { KillPathReport } from '../../domain/launch/kill-path-report.ts';
import { KILL_PATH } from '../../domain/launch/run-files.ts';
import type { Registration } from '../../domain/registration.ts';
import { runKey } from '../../domain/run-key.ts';
import { ProbedVenues, type ProbeFaults, ProbingEngines } from './probing-engines.ts';
import { launching, REGISTRATION, RUN, STRATEGY } from './world.ts';

export const XSIM = { id: 'XSIM', url: 'http://127.0.0.1:1/XSIM', kind: 'simulated' as const };
const SIMULATED: Registration = { ...REGISTRATION, venues: [XSIM] };
const TARGET = { instances: ['btc-momentum-1', 'btc-momentum-2'], venues: ['XSIM'] };

/** A launch whose engines and venue rehearse for real, both deployed and leased. */
export async function rehearsal(faults: ProbeFaults = {}, registration = SIMULATED) {
  const made = await launching();
  const venues = new ProbedVenues(faults);
  const engines = new ProbingEngines(made.ports.now, venues, faults);
  engines.attested = made.engines.attested;
  await made.store.put({ kind: 'REGISTRATION', record: registration });
  for (const { instanceId } of registration.engines) {
    const instance = { instanceId, strategyId: STRATEGY, controlUrl: '' };
    const { artifactDigest } = engines.attested;
    await engines.deploy(instance, {
      strategyId: STRATEGY,
      epoch: 0,
      commandId: 'd',
      artifactDigest,
      parameters: {},
      limits: {},
    });
    const renew = () => {
      const sent = { elapsed: engines.instant().elapsed + 1, wall: engines.instant().wall };
      engines.take(instanceId, sent, { mode: 'LAUNCHING', maxOrdersPerSec: 0, epoch: 0, expiresInMs: 60_000 });
    };
    renew();
  }
  const ports = { ...made.ports, engines, venues };
  const report = async () => {
    const run = await made.store.get('RUN', RUN);
    const file = run && made.evidence.files.get(runKey(run, KILL_PATH));
    return KillPathReport.parse(JSON.parse(Buffer.from(file ?? '{}').toString()));
  };
  const noes = async () =>
    checkKillPath(await report(), TARGET).flatMap(({ check, verdict, actual }) =>
      passes(verdict) ? [] : [`${check}: ${actual}`],
    );
  return { ...made, ports, engines, venues, report, noes };
}
