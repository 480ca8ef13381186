import { askInstances } from '../ask-instances.ts';
import { readRegistration } from '../change.ts';
import type { Run } from '../control-record.ts';
import type { Replayed } from '../launch/check-smoke.ts';
import type { GateResult } from '../launch/finding.ts';
import { withOverrides } from '../override/with-overrides.ts';
import type { Ports } from '../ports/ports.ts';
import { writeRunEvidence } from '../run-evidence.ts';
import { lastGoodSmokeId } from './last-good-smoke.ts';
import { type ArchivedSmoke, readSmoke, SMOKE_FILE } from './read-smoke.ts';
import { type SmokeDocument, smokeDocument } from './smoke-document.ts';

const DEADLINE_MS = 30_000;

export type SmokeOrdered = {
  readonly run: Run;
  readonly epoch: number;
  readonly windowMinutes: number;
  readonly expected: Replayed;
};

/**
 * Runbook 2.4: has every engine replay, judges it, and archives the report once. A step that is tried again finds the report of its
 * first try and asks no engine a second time, so that what was decided and what is archived are the same. Changes nothing else.
 */
export async function archiveSmoke(
  { run, epoch, windowMinutes, expected }: SmokeOrdered,
  ports: Ports,
): Promise<ArchivedSmoke> {
  const earlier = await readSmoke(run, ports);
  if (earlier) return earlier;
  const { strategyId, id: runId } = run;
  const registration = await readRegistration(strategyId, ports);
  const order = { strategyId, epoch, commandId: `${runId}/smoke`, runId, windowMinutes };
  const [answers, lastGood] = await Promise.all([
    askInstances(registration, (instance) => ports.engines.smoke(instance, order, { deadlineMs: DEADLINE_MS }), ports),
    ports.records.get('SMOKE', lastGoodSmokeId(strategyId, windowMinutes)),
  ]);
  const evidence = { windowMinutes, lastGood, now: ports.now(), bands: registration.policy.smoke };
  const judged = smokeDocument({ run, answers, expected, ...evidence });
  const document = { ...judged, gates: await gatesOf(run, judged, ports) };
  return { document, archived: await writeRunEvidence(run, SMOKE_FILE, document, ports) };
}

/** A launch may pass by what two designated people have overridden, and says so; the verdict of the replay itself stays what it is. */
const gatesOf = async (run: Run, { gates }: SmokeDocument, ports: Ports): Promise<GateResult[]> =>
  run.machine === 'launch' ? withOverrides(gates, run, ports) : gates;
