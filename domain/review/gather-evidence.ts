import { readChain, type StoredManifest } from '../archive/read-chain.ts';
import { alertBudget } from '../communications/alert-budget.ts';
import type { Delivery } from '../communications/delivery.ts';
import type { Run } from '../control-record.ts';
import { readDrill } from '../drill/read-drill.ts';
import { RunId } from '../ids.ts';
import { LogId } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { readRun, writeRunEvidence } from '../run-evidence.ts';
import type { RunStep, StepResult } from '../run-step.ts';
import { configurationOf } from './configuration-of.ts';
import { findRange, type RunEntries } from './find-range.ts';
import { missingEvidence } from './missing-evidence.ts';
import { readBackTo } from './read-entries.ts';
import { readFacts } from './read-review-files.ts';
import { retriedSteps } from './retried-steps.ts';
import { FACTS } from './review-files.ts';
import { DeliveryRow, type RunFacts, type RunRow } from './run-facts.ts';
import { subjectOf } from './subject-of.ts';
import { thresholdChanges } from './threshold-changes.ts';

const DESK = LogId.parse('desk');
const MOST_DELIVERIES = 2_000;
const PATIENCE_MS = 120_000;

/**
 * Runbook 7.1: gathers once what the review goes by, and files it. Throws EvidenceUnderWay while messages of the run are still on their way,
 * for two minutes at most after its end: then it says how far they got.
 */
export async function gatherEvidence(command: RunStep, ports: Ports): Promise<StepResult> {
  const review = await readRun(command, ports);
  const subject = await subjectOf(review, ports);
  const filed = await readFacts(subject, ports);
  if (filed) return told(filed.facts);
  const range = await findRange(subject, ports);
  const runs = await runsOf(subject, range, ports);
  const deliveries = await deliveriesOf(runs, ports);
  requireSettled([...(await notTakenUp(runs, deliveries, ports)), ...waiting(deliveries)], runs, ports.now());
  const facts = await factsOf(review, subject, { range, runs, deliveries }, ports);
  await writeRunEvidence(subject, FACTS, facts, ports);
  return told(facts);
}

const told = ({ from, to, deliveries, archive }: RunFacts): StepResult => ({
  summary: `${to - from} entries, ${deliveries.length} deliveries, ${archive.missing.length} files missing`,
  verdict: 'done',
});

/** The runs of machines that belong to it, in the order in which they began. */
async function runsOf(subject: Run, { runs }: RunEntries, { records }: Ports): Promise<Run[]> {
  const found = await Promise.all([...new Set([subject.id, ...runs])].map((id) => records.get('RUN', id)));
  return found
    .filter((run) => run !== undefined)
    .filter(({ machine }) => machine !== 'review')
    .toSorted((left, right) => left.startedAt.localeCompare(right.startedAt));
}

async function deliveriesOf(runs: readonly Run[], { records }: Ports): Promise<Delivery[]> {
  const ids = new Set<string>(runs.map(({ id }) => id));
  const all = await records.list('DELIVERY', { limit: MOST_DELIVERIES });
  return all
    .filter(({ runId }) => runId !== undefined && ids.has(runId))
    .toSorted((left, right) => left.at.localeCompare(right.at) || left.id.localeCompare(right.id));
}

/** Messages in the outbox that the courier has not spread yet: no delivery speaks of them. */
async function notTakenUp(runs: readonly Run[], deliveries: readonly Delivery[], { records }: Ports) {
  const ids = new Set<string>(runs.map(({ id }) => id));
  const spread = new Set(deliveries.map(({ message }) => message));
  const all = await records.all('MESSAGE');
  return all.filter(({ id, runId }) => runId !== undefined && ids.has(runId) && !spread.has(id));
}

const waiting = (deliveries: readonly Delivery[]) => deliveries.filter(({ status }) => status === 'waiting');

type Named = { readonly id: string };

function requireSettled(waits: readonly Named[], runs: readonly Run[], now: Date): void {
  const ended = Math.max(...runs.map(({ startedAt, endedAt }) => Date.parse(endedAt ?? startedAt)));
  if (waits.length === 0 || now.getTime() - ended > PATIENCE_MS) return;
  throw new Refusal(
    'EvidenceUnderWay',
    `${waits.length} messages of the run are still on their way`,
    'wait: it looks again',
    { waiting: waits.slice(0, 10).map(({ id }) => id) },
  );
}

type Gathered = { readonly range: RunEntries; readonly runs: readonly Run[]; readonly deliveries: readonly Delivery[] };

async function factsOf(
  review: Run,
  subject: Run,
  { range, runs, deliveries }: Gathered,
  ports: Ports,
): Promise<RunFacts> {
  const now = ports.now();
  const { from, to, entries } = range;
  const [rows, retried, desk, configured, missing, chain] = await Promise.all([
    Promise.all(runs.map((run) => rowOf(run, ports))),
    Promise.all(runs.map((run) => retriedSteps(run, ports))),
    deskChanges(subject, runs, ports),
    configurationOf(subject, entries, ports),
    missingEvidence(entries, ports),
    readChain(subject, ports),
  ]);
  return {
    ...{ v: 1, run: subject.id, review: review.id, endedBy: endedBy(review), strategy: subject.strategyId },
    ...{ gatheredAt: now.toISOString(), from, to, timeZone: configured.timeZone },
    runs: rows,
    deliveries: deliveries.map((each) => DeliveryRow.parse({ ...each, attempts: each.attempts.length })),
    alertBudget: alertBudget(deliveries, now),
    retried: retried.flat(),
    changes: [...thresholdChanges(subject.strategyId, entries), ...desk].toSorted((left, right) =>
      left.at.localeCompare(right.at),
    ),
    configuration: configured.digests,
    archive: archiveOf(subject, chain, missing),
  };
}

/** What its archive names, and what the ledger names beside it. */
function archiveOf({ machine }: Run, [first]: readonly StoredManifest[], missing: string[]): RunFacts['archive'] {
  if (!first)
    return { manifest: null, missing, ...(machine === 'launch' && { problem: 'the run could not be archived' }) };
  const left = first.manifest.missing.map(({ file, why }) => `${file}: ${why}`);
  return { manifest: `${first.key} ${first.digest}`, missing: [...left, ...missing] };
}

/** A machine that was started for nothing else names no end: then it is its own. */
const endedBy = ({ request, id }: Run): RunFacts['endedBy'] => RunId.catch(id).parse(request['endedBy']);

async function rowOf(run: Run, ports: Ports): Promise<RunRow> {
  const { id, machine, status, requestedBy, startedAt, endedAt, ticket, summary, failure, request } = run;
  const drill = machine === 'kill' && (await readDrill(id, ports)) !== undefined;
  return {
    ...{ id, machine, status, requestedBy, startedAt, summary },
    ...(endedAt !== undefined && { endedAt }),
    ...(ticket !== undefined && { ticket }),
    ...(failure && { failure: { code: failure.code, message: failure.message } }),
    ...(machine === 'kill' && { reason: String(request['reason']) }),
    ...(drill && { drill }),
  };
}

/** What was changed for everybody while the run went on. */
async function deskChanges({ startedAt }: Run, runs: readonly Run[], ports: Ports) {
  const ended = runs.reduce((latest, run) => laterOf(latest, run.endedAt ?? run.startedAt), startedAt);
  const back = await readBackTo(DESK, ({ entry }) => entry.at < startedAt, ports);
  const during = back.filter(({ entry }) => startedAt <= entry.at && entry.at <= ended).toReversed();
  return thresholdChanges(DESK, during);
}

const laterOf = (one: string, other: string): string => (one < other ? other : one);
