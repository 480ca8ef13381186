import assert from 'node:assert/strict';
import type { Caller } from '../../../domain/approval/caller.ts';
import type { Run } from '../../../domain/control-record.ts';
import { ActorId, RunId } from '../../../domain/ids.ts';
import { LogId, type NewEntry } from '../../../domain/ledger/ledger-entry.ts';
import { archiveReviewedRun } from '../../../domain/review/archive-reviewed-run.ts';
import { auditSignatures } from '../../../domain/review/audit-signatures.ts';
import { endReview } from '../../../domain/review/end-review.ts';
import { fileIssues } from '../../../domain/review/file-issues.ts';
import { gatherEvidence } from '../../../domain/review/gather-evidence.ts';
import { openReview } from '../../../domain/review/open-review.ts';
import { startReview } from '../../../domain/review/start-review.ts';
import { type StoredEntry, storedEntry } from '../../../domain/review/stored-entry.ts';
import { writeSummary } from '../../../domain/review/write-summary.ts';
import { runKey } from '../../../domain/run-key.ts';
import type { RunStep } from '../../../domain/run-step.ts';
import { passkeyEntry } from '../../../domain/signature/enrol-passkey.ts';
import { snapshotFile } from '../../../domain/snapshot/snapshot.ts';
import { passkeyOf } from '../../fakes/passkeys.ts';
import { person, RUN, risk, START, STRATEGY, trader, type World } from '../../fakes/world.ts';
import { minute } from '../archive/a-traded-run.ts';
import { everybodyTold, launchOf, STOP, stoppedRun } from '../checklist/a-trading-run.ts';

export const sre = person('sre', 'sre');
export const quant = person('quant', 'quant');
const HOST = { subject: ActorId.parse('service:local-host') };

/** The authenticators of these people stand in the log `desk`, enrolled and approved, as enrolling writes them. */
export async function enrolled({ store }: Pick<World, 'store'>, ...people: readonly Caller[]): Promise<void> {
  const entries: NewEntry[] = people.flatMap(({ subject }) => {
    const passkey = passkeyOf(subject);
    return [passkeyEntry('enrolled', passkey, HOST), passkeyEntry('approved', passkey, HOST)];
  });
  await store.append(LogId.parse('desk'), entries, new Date('2026-11-01T09:00:00.000Z'));
}

/** The run of a machine is over, as the execution-status rule writes it. */
export async function over(made: World, id: string, changes: Partial<Run> = {}): Promise<Run> {
  const run = (await made.store.get('RUN', id)) ?? assert.fail(`there is no run ${id}`);
  const ended: Run = { ...run, status: 'SUCCEEDED', endedAt: made.ports.now().toISOString(), ...changes };
  await made.store.put({ kind: 'RUN', record: ended });
  return ended;
}

/** The states of the machine, in order. */
export const STEPS = [
  openReview,
  archiveReviewedRun,
  gatherEvidence,
  auditSignatures,
  writeSummary,
  fileIssues,
  endReview,
] as const;

/** The ports of the review's Lambdas; nothing is at GitHub. */
export const reviewPorts = ({ ports }: World) => ({
  ...ports,
  trackers: { ...ports.trackers, comment: async () => ({ problem: 'no tracker is configured' }) },
});

/** What has just ended is reviewed, state after state. Answers what the machine hands to each. */
export async function reviewed(made: World, ended: Run): Promise<RunStep> {
  const review = (await startReview(ended, made.ports)) ?? assert.fail('there is nothing to review');
  const step = { strategyId: review.strategyId, runId: review.id, epoch: review.epoch };
  for (const act of STEPS) await act(step, reviewPorts(made));
  return step;
}

/** The stored entries of a log, each held against its leaf hash. */
export const storedIn = ({ store }: Pick<World, 'store'>, log: string = STRATEGY): StoredEntry[] =>
  (store.logs.get(log) ?? []).map(({ text, receipt: { index, leafHash } }) =>
    storedEntry({ index, leafHash, entry: JSON.parse(text) }, log),
  );

export const reviewOf = async ({ store }: Pick<World, 'store'>, id: string) =>
  (await store.get('REVIEW', id)) ?? assert.fail(`there is no review of ${id}`);

/** The text of a file of the evidence bucket, by the end of its key. */
export const fileIn = ({ evidence }: Pick<World, 'evidence'>, name: string): string => {
  const [, bytes] = [...evidence.files].find(([key]) => key.endsWith(name)) ?? [];
  return Buffer.from(bytes ?? '').toString();
};

/** The payloads of one type of entry, oldest first. */
export const payloadsOf = (made: Pick<World, 'store'>, type: string) =>
  storedIn(made)
    .filter(({ entry }) => entry.type === type)
    .map(({ entry }) => entry.payload);

export const anId = (text: string): RunId => RunId.parse(text);

/** A run without a blemish that has just been stopped: everybody was told, its histories are exported, its minutes kept. */
export async function stoppedWell() {
  const made = await stoppedRun();
  await enrolled(made, trader, risk);
  await everybodyTold(made);
  const launch = await launchOf(made);
  const file = (name: string, text: string) => made.evidence.createOnce(runKey(launch, name), text);
  for (const run of [RUN, STOP]) await file(`executions/${run}.jsonl`, '{}\n');
  await file(snapshotFile(START), `${JSON.stringify(minute(START.toISOString()))}\n`);
  await over(made, RUN, { ticket: 'TP-1' });
  return { made, ended: await over(made, STOP) };
}
