import assert from 'node:assert/strict';
import { type Manifest, manifestFile, manifestText } from '../../../domain/archive/manifest.ts';
import { change } from '../../../domain/change.ts';
import type { Checklist, ChecklistItem, ItemStatus } from '../../../domain/checklist/checklist.ts';
import type { ChecklistFacts } from '../../../domain/checklist/checklist-facts.ts';
import { collectChecklistFacts } from '../../../domain/checklist/collect-checklist-facts.ts';
import type { ItemId } from '../../../domain/checklist/runbook-items.ts';
import type { Delivery } from '../../../domain/communications/delivery.ts';
import type { Run } from '../../../domain/control-record.ts';
import { ActorId, type Digest, RunId } from '../../../domain/ids.ts';
import { armAndEnable } from '../../../domain/launch/arm-and-enable.ts';
import { confirmLive } from '../../../domain/launch/confirm-live.ts';
import { leaseId } from '../../../domain/lease/lease.ts';
import { canonicalJson } from '../../../domain/ledger/canonical-json.ts';
import { digestOfBytes } from '../../../domain/ledger/digest.ts';
import { LedgerEntry, type NewEntry } from '../../../domain/ledger/ledger-entry.ts';
import { leafHash } from '../../../domain/ledger/merkle.ts';
import { AUDIT, SUMMARY } from '../../../domain/review/review-files.ts';
import { writeRunEvidence } from '../../../domain/run-evidence.ts';
import { runKey } from '../../../domain/run-key.ts';
import type { RunStep } from '../../../domain/run-step.ts';
import { disableLive } from '../../../domain/stop/disable-live.ts';
import { openStop } from '../../../domain/stop/open-stop.ts';
import { recordStop } from '../../../domain/stop/record-stop.ts';
import { reduceOnly } from '../../../domain/stop/reduce-only.ts';
import { requestStop } from '../../../domain/stop/request-stop.ts';
import { settleStrategy } from '../../../domain/stop/settle-strategy.ts';
import { type Launching, sign, untilFlip } from '../../fakes/launch-steps.ts';
import { leaseReport } from '../../fakes/lease-report.ts';
import { shippedMatrix } from '../../fakes/shipped-matrix.ts';
import { toldIn } from '../../fakes/told.ts';
import { launching, REGISTRATION, RUN, risk, STRATEGY, stateOf, trader, type World } from '../../fakes/world.ts';

export const STOP = RunId.parse('stop-btc-momentum-20261124-0123456789ab');

/** A launch that has come through every gate and every signature, and trades. */
export async function liveRun(): Promise<Launching> {
  const made = await launching();
  await made.store.put({ kind: 'MATRIX', record: shippedMatrix() });
  await untilFlip(made);
  await sign(made, 'flag-flip', trader);
  await armAndEnable(made.step, made.ports);
  for (const { instanceId } of REGISTRATION.engines) await renewed(made, instanceId);
  await confirmLive(made.step, made.ports);
  return made;
}

async function renewed(made: World, instanceId: string): Promise<void> {
  const now = made.ports.now();
  const lease = { id: leaseId(STRATEGY, instanceId), strategyId: STRATEGY, instanceId, epoch: 0 };
  const granted = { grantedMode: 'ACTIVE' as const, grantedAt: now.toISOString() };
  const expiresAt = new Date(now.getTime() + 5_000).toISOString();
  await made.store.put({ kind: 'LEASE', record: { ...lease, ...granted, expiresAt, report: leaseReport(made) } });
}

/** The same, stopped as planned after that time. */
export async function stoppedRun(afterMs = 3_600_000): Promise<Launching> {
  const made = await liveRun();
  made.pass(afterMs);
  const asked = { caller: trader, runId: STOP, request: { ticket: 'TP-1' }, under: undefined, now: made.ports.now() };
  await change(STRATEGY, { key: 'stop', body: 1 }, (state) => requestStop(state, asked), made.ports);
  const step: RunStep = { strategyId: STRATEGY, runId: STOP, epoch: stateOf(made).epoch };
  for (const act of [openStop, disableLive, reduceOnly, settleStrategy, recordStop]) await act(step, made.ports);
  return made;
}

/** Everything that waits in the outbox is delivered, and acknowledged on its first try. */
export async function everybodyTold(made: World): Promise<void> {
  for (const delivery of toldIn(made)) await made.store.put({ kind: 'DELIVERY', record: acknowledged(delivery) });
}

const acknowledged = (delivery: Delivery): Delivery => ({
  ...delivery,
  ...{ status: 'acknowledged', sentAt: delivery.at, acknowledgedAt: delivery.at },
  attempts: [{ at: delivery.at, tookMs: 12, outcome: 'acknowledged', detail: '200' }],
});

/** Writes entries that other parts of the product write, as they would. */
export const written = (made: World, key: string, ...entries: readonly NewEntry[]) =>
  change(STRATEGY, { key, body: key }, (state) => ({ state, entries, reply: null }), made.ports);

const SERVICE = ActorId.parse('service:archive');
export const REVIEW = RunId.parse('review-btc-momentum-20261124-0123456789ab');

/** The archive of the run as it is written: manifests in a chain, each in the ledger, and the link in the ticket. */
export async function archived(made: World, changes: Partial<Manifest> = {}): Promise<void> {
  const run = await launchOf(made);
  const folder = runKey(run, '');
  const paths = [...made.evidence.files.keys()].filter((key) => key.startsWith(folder));
  const files = paths.map((key) => ({
    ...{ path: key.slice(folder.length), sha256: digestOfBytes(made.evidence.files.get(key) ?? ''), size: 1 },
    source: 'these tests',
  }));
  const base = { v: 1 as const, run: run.id, strategy: STRATEGY, at: made.ports.now().toISOString() };
  const first = await manifestFiled(made, { ...base, part: 1, files, missing: [], ...changes });
  await manifestFiled(made, { ...base, part: 2, previous: first, files: [], missing: [] });
  const payload = { ticket: 'TP-1', manifest: first };
  await written(made, 'linked', { type: 'archive.linked', actor: SERVICE, run: RUN, payload });
}

async function manifestFiled(made: World, manifest: Manifest): Promise<Digest> {
  const key = runKey(await launchOf(made), manifestFile(manifest.part));
  const hash = await made.ports.evidence.createOnce(key, manifestText(manifest));
  const payload = { part: manifest.part, manifest: { key, hash }, files: manifest.files.length };
  await written(made, `part ${manifest.part}`, { type: 'run.archived', actor: SERVICE, run: RUN, payload });
  return hash;
}

/** The review of the run, as its machine and whoever closed it write it. */
export async function reviewed(made: World, audit = { checked: 6, verified: 6, failed: 0 }): Promise<void> {
  const run = await launchOf(made);
  const summary = await writeRunEvidence(run, SUMMARY, '# what happened\n', made.ports);
  const report = await writeRunEvidence(run, AUDIT, { v: 1, ...audit }, made.ports);
  const told = (type: string, payload: Record<string, unknown>) => ({
    ...{ type, actor: risk.subject, run: REVIEW },
    payload: { reviews: RUN, ...payload },
  });
  await written(
    made,
    'review',
    told('review.opened', {}),
    told('review.audited', { ...audit, report: report.hash }),
    told('review.summarised', { summary }),
    told('review.issues-filed', { count: 0, issues: [] }),
    told('review.closed', { note: 'nothing was found' }),
  );
}

/** A run that was launched, stopped, told, archived and reviewed: everything that evidence can tick is there. */
export async function wholeRun(): Promise<Launching> {
  const made = await stoppedRun();
  await everybodyTold(made);
  await archived(made);
  await reviewed(made);
  return made;
}

export const launchOf = async (made: World): Promise<Run> =>
  (await made.store.get('RUN', RUN)) ?? assert.fail('there is no launch');

export const factsOf = (made: World, run: string = RUN): Promise<ChecklistFacts> =>
  collectChecklistFacts(run, made.ports);

/** The ids of the items in a status. */
export const idsOf = ({ items }: Checklist, status: ItemStatus): string[] =>
  items.filter((item) => item.status === status).map(({ id }) => id);

export const itemOf = ({ items }: Checklist, id: ItemId): ChecklistItem =>
  items.find((item) => item.id === id) ?? assert.fail(`there is no item ${id}`);

/** The facts with entries of one type rewritten, leaf hashes and all: what rules have to say no to by what an entry says. */
export function rewritten(
  facts: ChecklistFacts,
  type: string,
  change: (entry: LedgerEntry) => unknown,
): ChecklistFacts {
  const entries = facts.log.entries.map((stored) => {
    const entry = LedgerEntry.parse(stored.entry);
    if (entry.type !== type) return stored;
    const changed = change(entry);
    return { index: stored.index, leafHash: leafHash(canonicalJson(changed)), entry: changed };
  });
  return { ...facts, log: { ...facts.log, entries } };
}

/** The payload of an entry with these members changed. */
export const saying = (changes: object) => (entry: LedgerEntry) => ({
  ...entry,
  payload: { ...entry.payload, ...changes },
});
