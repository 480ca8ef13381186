import assert from 'node:assert/strict';
import { decideApproval } from '../../../domain/approval/decide-approval.ts';
import { approvalId } from '../../../domain/approval/open-approval.ts';
import type { RunId } from '../../../domain/ids.ts';
import { announceKill } from '../../../domain/kill/announce-kill.ts';
import { askForConfirmer } from '../../../domain/kill/ask-for-confirmer.ts';
import { certifyKill } from '../../../domain/kill/certify-kill.ts';
import { executeKill } from '../../../domain/kill/execute-kill.ts';
import { freezeLaunches } from '../../../domain/kill/freeze-launches.ts';
import { haltEngines } from '../../../domain/kill/halt-engines.ts';
import { killCertificate } from '../../../domain/kill/kill-certificate.ts';
import { recordExposure } from '../../../domain/kill/record-exposure.ts';
import { recordKill } from '../../../domain/kill/record-kill.ts';
import { verifyVenues } from '../../../domain/kill/verify-venues.ts';
import { LedgerEntry } from '../../../domain/ledger/ledger-entry.ts';
import type { Ports } from '../../../domain/ports/ports.ts';
import { Refusal } from '../../../domain/refusal.ts';
import type { RunStep } from '../../../domain/run-step.ts';
import { disableLive } from '../../../domain/stop/disable-live.ts';
import { killPorts } from '../../fakes/kill-ports.ts';
import { signedAnswer } from '../../fakes/passkeys.ts';
import { risk, STRATEGY, trader, type World, world } from '../../fakes/world.ts';

/** A world, or that of the API. */
type AWorld = Omit<World, 'ports'> & { ports: Ports & Omit<World['ports'], keyof Ports | 'elapsedMs'> };

const timed = <Made extends AWorld>(made: Made) => ({ ...made, ports: { ...made.ports, elapsedMs: () => 0 } });

/** A kill by the trader; answers what its machine hands to every state. */
export async function killed(made: AWorld, commandId = 'key-1'): Promise<RunStep> {
  const { runId } = await executeKill(
    { caller: trader, strategyId: STRATEGY, reason: 'loss', commandId },
    killPorts(timed(made)),
  );
  return { strategyId: STRATEGY, runId, epoch: 1 };
}

/** Asks the venues as the machine does, a second apart, until they say that nothing rests. */
export async function verified(made: AWorld, step: RunStep): Promise<void> {
  for (let look = 0; look < 20; look += 1) {
    const refused = await verifyVenues(step, made.ports).then(() => undefined, refusalOf);
    if (!refused) return;
    made.pass(1_000);
  }
  assert.fail('the venues never became empty');
}

const refusalOf = (error: unknown): Refusal => {
  if (error instanceof Refusal) return error;
  throw error;
};

/** Whoever killed signs, and the risk officer confirms, so long after they were asked, each with a fresh login. */
export async function confirmed(made: AWorld, step: RunStep, afterMs = 0): Promise<void> {
  await askForConfirmer({ ...step, taskToken: 'a-token' }, made.ports);
  const asked = await made.store.get('APPROVAL', approvalId(step, 'kill-confirmation'));
  assert.ok(asked);
  made.pass(afterMs);
  const authTime = made.clock.now.getTime();
  for (const caller of [trader, risk])
    await decideApproval(asked.id, signedAnswer(made, { ...caller, authTime }, asked), caller.subject, made.ports);
  await recordKill(step, made.ports);
}

/** Everything that the machine does before the certificate. */
export async function upToTheCertificate(made: AWorld): Promise<RunStep> {
  const step = await killed(made);
  await haltEngines(step, timed(made).ports);
  await disableLive(step, made.ports);
  await freezeLaunches(step, made.ports);
  await recordExposure(step, made.ports);
  await announceKill(step, made.ports);
  await verified(made, step);
  await confirmed(made, step);
  return step;
}

/** The entries of the strategy's log with their places. */
export const logOf = ({ store }: Pick<World, 'store'>) =>
  (store.logs.get(STRATEGY) ?? []).map(({ text, receipt: { index, leafHash } }) => ({
    index,
    leafHash,
    entry: LedgerEntry.parse(JSON.parse(text)),
  }));

/** The payloads of one type of entry, oldest first. */
export const payloadsOf = (made: Pick<World, 'store'>, type: string, run?: RunId) =>
  logOf(made)
    .filter(({ entry }) => entry.type === type && (run === undefined || entry.run === run))
    .map(({ entry }) => entry.payload);

/** A kill with three orders that the venue would not cancel at first. */
export async function certified() {
  const made = world();
  Object.assign(made.venues, { resting: 3, stubborn: 1, refuses: 'no cancels during the auction' });
  const step = await upToTheCertificate(made);
  await certifyKill(step, made.ports);
  return { made, step, certificate: killCertificate(step.runId, logOf(made)) };
}

/** The text of a file of the evidence bucket, by the end of its key. */
export const fileOf = ({ evidence }: World, name: string): string => {
  const [, bytes] = [...evidence.files].find(([key]) => key.endsWith(name)) ?? [];
  return Buffer.from(bytes ?? '').toString();
};
