import * as z from 'zod';
import { GateResult } from '../launch/finding.ts';
import { localTime } from '../market/local-time.ts';
import { countsOf } from './audit/audit-report.ts';
import { markdownTable as table, escapeMarkdown as text } from './escape-markdown.ts';
import { MEANINGS } from './finding-code.ts';
import { findingsOf, type Reviewed } from './findings-of.ts';
import type { DeliveryRow, RunFacts } from './run-facts.ts';
import type { StoredEntry } from './stored-entry.ts';
import { saidBy } from './threshold-changes.ts';

const MOST_ENTRIES = 2_000;

/**
 * Runbook 7.1: `summary.md`, made from the entries of the run, the facts that were gathered and the audit, and from nothing else, so that
 * it can be made again. Annotations stand beside it, in fragments of their own.
 */
export function summaryPage(reviewed: Reviewed): string {
  const { facts, entries } = reviewed;
  return [
    `# Summary of ${text(facts.run)}`,
    `Made from ledger entries ${facts.from} to ${facts.to - 1} of ${text(facts.strategy)} and from \`review/facts.json\` and \`review/audit.json\` beside it, at ${facts.gatheredAt}. Everything here can be made again from them.`,
    section('The run', table(['what', 'who, when, how'], headOf(facts))),
    section('Runs of machines', table(['run', 'by', 'from', 'to', 'ended', 'said'], runRows(facts))),
    section('Findings', findingsText(reviewed)),
    section('Signatures and second factors', auditText(reviewed)),
    section('Gates', table(['gate', 'verdict', 'summary', 'entry'], gateRows(entries))),
    section('Overrides in force', table(['entry', 'check', 'override', 'expected', 'actual'], overrideRows(entries))),
    section(
      'Breaches and changes of mode',
      timeline(
        facts,
        entries.filter(({ entry }) => BREACHES.test(entry.type)),
      ),
    ),
    section(
      'Drain and settlement',
      timeline(
        facts,
        entries.filter(({ entry }) => DRAIN.test(entry.type)),
      ),
    ),
    section(
      'Exposure',
      timeline(
        facts,
        entries.filter(({ entry }) => entry.type === 'kill.exposure'),
      ),
    ),
    section('Thresholds that were changed during the run', changesText(facts)),
    section(
      'Who was told',
      table(
        ['trigger', 'channel', 'happened', 'sent', 'acknowledged', 'status', 'escalated to'],
        facts.deliveries.map(deliveryRow),
      ),
    ),
    section('Alert budget', budgetText(facts)),
    section('Files that the ledger names', filesText(facts)),
    section('Timeline', timelineText(facts, entries)),
    section(
      'Annotations',
      `People write them with \`tradepulse-cli review annotate ${text(facts.run)}\`; each stands in \`annotations/\` and is shown with this page.`,
    ),
  ]
    .join('\n\n')
    .concat('\n');
}

const BREACHES =
  /^(lease\.|engine\.halted|mode\.|throttle\.|kill\.(requested|reaffirmed|direct|venues-empty|unconfirmed|confirmed)|launch\.(enabled|withdrawn|disabled)|resume\.)/;
const DRAIN = /^(stop\.|drain\.|strategy\.settled)/;

const section = (title: string, body: string): string => `## ${title}\n\n${body}`;

/** UTC, and what people at the primary venue read on their clocks. */
function times({ timeZone }: RunFacts, at: string): string {
  return timeZone === null ? at : `${at} (${localTime({ timeZone }, new Date(at))})`;
}

function headOf(facts: RunFacts): unknown[][] {
  const subject = facts.runs.find(({ id }) => id === facts.run);
  const ended = facts.runs.find(({ id }) => id === facts.endedBy);
  return [
    ['strategy', facts.strategy],
    ['ticket', subject?.ticket ?? 'none'],
    ['asked for by', subject?.requestedBy ?? 'not known'],
    ['began', subject ? times(facts, subject.startedAt) : 'not known'],
    ['ended', ended?.endedAt === undefined ? 'not known' : times(facts, ended.endedAt)],
    ['how', ended ? `${ended.machine} ${ended.id}: ${ended.status}, ${ended.summary}` : 'not known'],
    ...(facts.runs.some(({ drill }) => drill) ? [['DRILL', 'a rehearsal: nothing was live']] : []),
  ];
}

const runRows = (facts: RunFacts): unknown[][] =>
  facts.runs.map(({ id, requestedBy, startedAt, endedAt, status, summary, failure }) => [
    ...[id, requestedBy, startedAt, endedAt ?? 'not known', status],
    failure ? `${failure.code}: ${failure.message}` : summary,
  ]);

function findingsText(reviewed: Reviewed): string {
  const rows = findingsOf(reviewed).map(({ code, severity, what, where }) => [
    severity,
    code,
    what,
    where ?? '',
    MEANINGS[code].next,
  ]);
  return table(['severity', 'code', 'what', 'where', 'what to do next'], rows);
}

function auditText({ audit }: Reviewed): string {
  const { checked, verified, failed } = countsOf(audit);
  const rows = audit.checks.map(({ item, requirement, verdict, by, entry, why }) => [
    ...[item, requirement, verdict, by ?? '', entry ?? ''],
    why ?? '',
  ]);
  const sentence = `${verified} of ${checked} verify; ${failed} do not.`;
  return `${sentence}\n\n${table(['runbook', 'required', 'verdict', 'by', 'entry', 'why'], rows)}`;
}

const Judged = z.object({ gates: z.array(GateResult) });
const Decided = z.object({ verdict: z.string(), summary: z.string() });

function gatesIn({ entry }: StoredEntry): GateResult[] {
  return Judged.safeParse(entry.payload).data?.gates ?? [];
}

const gateRows = (entries: readonly StoredEntry[]): unknown[][] =>
  entries.flatMap((stored) => {
    const gates = gatesIn(stored).map(({ gate, verdict, summary }) => [gate, verdict, summary, stored.index]);
    const decided = stored.entry.type === 'go-no-go.decided' ? Decided.safeParse(stored.entry.payload).data : undefined;
    return decided ? [...gates, ['go/no-go', decided.verdict, decided.summary, stored.index]] : gates;
  });

const overrideRows = (entries: readonly StoredEntry[]): unknown[][] =>
  entries.flatMap((stored) =>
    gatesIn(stored).flatMap(({ findings }) =>
      findings.flatMap(({ check, override, expected, actual }) =>
        override === undefined ? [] : [[stored.index, check, override, expected, actual]],
      ),
    ),
  );

const timeline = (facts: RunFacts, entries: readonly StoredEntry[]): string =>
  table(
    ['entry', 'UTC (local)', 'what', 'by', 'said'],
    entries.map(({ index, entry }) => [index, times(facts, entry.at), entry.type, entry.actor, saidBy(entry.payload)]),
  );

function timelineText(facts: RunFacts, entries: readonly StoredEntry[]): string {
  const left = entries.length - MOST_ENTRIES;
  const shown = timeline(facts, entries.slice(0, MOST_ENTRIES));
  return left > 0 ? `${shown}\n\n${left} entries more stand in the ledger.` : shown;
}

function changesText({ changes, configuration }: RunFacts): string {
  const rows = changes.map(({ log, entry, at, type, actor, what }) => [`${log} ${entry}`, at, type, actor, what]);
  const digests = configuration.map(({ what, atLaunch, now }) => [
    what,
    atLaunch ?? 'not signed with the plan',
    now ?? 'none',
  ]);
  return `${table(['log and entry', 'at', 'what', 'by', 'said'], rows)}\n\n${table(['what was agreed', 'as signed at the launch', 'as registered now'], digests)}`;
}

const deliveryRow = ({ trigger, channel, at, sentAt, acknowledgedAt, status, escalatedTo }: DeliveryRow): unknown[] => [
  ...[trigger, channel, at, sentAt ?? 'not sent', acknowledgedAt ?? 'not acknowledged', status],
  escalatedTo ?? '',
];

function budgetText({
  alertBudget: { deliveries, acknowledged, fromEvent, fromDetection, shareInTime },
}: RunFacts): string {
  const percentiles = (named: string, of: typeof fromEvent) => [
    ...[named, of?.p50Ms ?? 'none', of?.p95Ms ?? 'none', of?.p99Ms ?? 'none'],
  ];
  const share = shareInTime === null ? 'none was due' : `${Math.round(shareInTime * 1000) / 10} %`;
  return `${acknowledged} of ${deliveries} deliveries acknowledged; within five seconds of the event: ${share}.\n\n${table(
    ['ms until sent', 'p50', 'p95', 'p99'],
    [percentiles('from the event', fromEvent), percentiles('from detection', fromDetection)],
  )}`;
}

function filesText({ archive }: RunFacts): string {
  const missing = archive.missing.map((what) => `* ${text(what)}`).join('\n');
  const manifest = archive.manifest === null ? 'It is not archived yet.' : `Archived: ${text(archive.manifest)}.`;
  return `${manifest} ${archive.missing.length === 0 ? 'Each file is as the ledger says.' : `\n\n${missing}`}`;
}
