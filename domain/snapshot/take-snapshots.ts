import { launchOf } from '../archive/launch-of.ts';
import { readRegistration } from '../change.ts';
import { inTurns } from '../kill/turns.ts';
import { readRiskLimits } from '../launch/read-risk-limits.ts';
import type { RiskLimits } from '../launch/risk-limits.ts';
import { leaseId } from '../lease/lease.ts';
import { canonicalJson } from '../ledger/canonical-json.ts';
import { isLive } from '../mode.ts';
import type { Ports } from '../ports/ports.ts';
import type { LogPorts } from '../review/read-entries.ts';
import { runKey } from '../run-key.ts';
import type { Strategy } from '../strategy.ts';
import { limitsUse } from './limits-use.ts';
import { instanceSeen, type Snapshot, snapshotFile } from './snapshot.ts';

const AT_A_TIME = 16;
const PATIENCE_MS = 10_000;

export type SnapshotPorts = Pick<Ports, 'records' | 'evidence' | 'now' | 'parseYaml'> & LogPorts;

/**
 * Runbook 4.5: once a minute what every live strategy's instances last reported is kept in the folder of its run, with how much of the approved
 * limits is in use. Nothing is asked of an engine. Answers how many were written; throws what went wrong, after all others were kept.
 */
export async function takeSnapshots(strategies: readonly Strategy[], ports: SnapshotPorts): Promise<number> {
  const live = strategies.filter(({ mode, run }) => (isLive(mode) || mode === 'SAFE') && run !== undefined);
  if (live.length === 0) return 0;
  const limits = await readRiskLimits(ports);
  const turn = inTurns(AT_A_TIME, PATIENCE_MS);
  const written = await Promise.allSettled(live.map((state) => turn(() => keepSnapshot(state, limits, ports))));
  const faults = written.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  if (faults.length > 0) throw new AggregateError(faults, `${faults.length} snapshots were not kept`);
  return written.filter((each) => each.status === 'fulfilled' && each.value).length;
}

/** False where the minute is kept already, and for a run that goes back to no launch. */
async function keepSnapshot(state: Strategy, limits: RiskLimits | undefined, ports: SnapshotPorts): Promise<boolean> {
  const run = state.run && (await ports.records.get('RUN', state.run.id));
  const launch = run && (await launchOf(run, ports));
  if (!launch) return false;
  const at = ports.now();
  const { engines } = await readRegistration(state.id, ports);
  const instances = await Promise.all(
    engines.map(async ({ instanceId }) =>
      instanceSeen(instanceId, await ports.records.get('LEASE', leaseId(state.id, instanceId))),
    ),
  );
  const known = instances.filter((each) => 'pnl' in each);
  const own = limits?.strategies[state.id];
  const snapshot: Snapshot = {
    ...{ v: 1, at: at.toISOString(), strategy: state.id, run: launch.id, mode: state.mode, epoch: state.epoch },
    ...{ maxOrdersPerSec: state.maxOrdersPerSec, instances },
    use: own
      ? limitsUse(
          known.flatMap(({ positions }) => positions),
          known.map(({ pnl }) => pnl),
          own,
        )
      : null,
  };
  const key = runKey(launch, snapshotFile(at));
  const kept = await ports.evidence.replace(key, `${canonicalJson(snapshot)}\n`, undefined);
  return kept !== undefined; // another tick may have been first
}
