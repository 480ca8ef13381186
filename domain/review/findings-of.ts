import * as z from 'zod';
import type { AuditReport, SignatureCheck } from './audit/audit-report.ts';
import { confirmationOf } from './audit/judge-kill.ts';
import { overridesIn } from './audit/requirements-of.ts';
import { FindingCode, MEANINGS } from './finding-code.ts';
import type { ReviewFinding } from './review.ts';
import type { RunFacts } from './run-facts.ts';
import type { StoredEntry } from './stored-entry.ts';

/** What findings are made from: the facts as they were gathered, the entries that they are about, and the audit. The same always gives the same findings. */
export type Reviewed = {
  readonly facts: RunFacts;
  readonly entries: readonly StoredEntry[];
  readonly audit: AuditReport;
};

type Found = Pick<ReviewFinding, 'what' | 'where'>;
type Rule = (reviewed: Reviewed) => Found[];

const TRIES = 3;
const LAST_SHARE = 0.1;
const MOST_WORDS = 400;
const MINUTE_MS = 60_000;

/** Runbook 7.3: every automation gap, late answer and missing proof of a run, in the order of their codes. */
export function findingsOf(reviewed: Reviewed): ReviewFinding[] {
  return FindingCode.options.flatMap((code) =>
    RULES[code](reviewed).map(({ what, where }) => ({
      ...{ code, severity: MEANINGS[code].severity, what: what.slice(0, MOST_WORDS) },
      ...(where !== undefined && { where: where.slice(0, MOST_WORDS) }),
    })),
  );
}

const RULES: Readonly<Record<FindingCode, Rule>> = {
  'log-altered': ({ audit }) =>
    audit.altered.map(({ index, what }) => ({ what: `entry ${index} ${what}`, where: `entry ${index}` })),
  'signature-missing': ({ audit }) => checksOf(audit, 'missing'),
  'signature-invalid': ({ audit }) => checksOf(audit, 'failed'),
  'kill-confirmed-late': ({ entries }) =>
    ofType(entries, 'kill.requested').flatMap((kill) => lateConfirmation(kill, entries)),
  'kill-without-reason': ({ facts }) =>
    facts.runs
      .filter(({ machine, reason }) => machine === 'kill' && reason === 'not given')
      .map(({ id, requestedBy }) => ({ what: `${requestedBy} killed and gave no reason`, where: id })),
  'signed-near-expiry': ({ entries }) =>
    ofType(entries, 'approval.signed').flatMap((signed) => nearExpiry(signed, entries)),
  'manual-override': ({ entries }) =>
    overridesIn(entries).map(({ id, act }) => ({
      what: `the launch passed by the override ${id}`,
      where: entryText(act),
    })),
  'lock-taken-over': ({ entries }) =>
    ofType(entries, 'orchestrator.takeover').map((taken) => ({
      what: `the lock of ${text(taken, 'from')} had expired and was taken over`,
      where: entryText(taken),
    })),
  'validation-failed': ({ facts }) =>
    facts.runs
      .filter(({ failure }) => failure !== undefined && VALIDATING.test(failure.code))
      .map(({ id, failure }) => ({ what: `${failure?.code}: ${failure?.message}`, where: id })),
  'stop-failed': ({ facts }) =>
    facts.runs
      .filter(
        ({ machine, status, failure }) =>
          machine === 'stop' && status !== 'SUCCEEDED' && failure?.code !== 'StrategyKilled',
      )
      .map(({ id, status, failure }) => ({
        what: `it ended ${status}: ${failure?.message ?? 'no reason is recorded'}`,
        where: id,
      })),
  'drain-deadline': ({ entries }) =>
    entries
      .filter(({ entry }) => DRAIN_ENDED.has(entry.type))
      .map((ended) => ({ what: `orders still rested at the deadline: ${ended.entry.type}`, where: entryText(ended) })),
  'settle-difference': ({ entries }) => ofType(entries, 'strategy.settled').flatMap(differences),
  'settle-unanswered': ({ entries }) => ofType(entries, 'strategy.settled').flatMap(silences),
  'step-retried': ({ facts }) =>
    facts.retried
      .filter(({ times }) => times >= TRIES)
      .map(({ run, state, error, times }) => ({ what: `'${state}' failed ${times} times by ${error}`, where: run })),
  'evidence-missing': ({ facts, entries, audit }) => [
    ...facts.archive.missing.filter((what) => !isTooShort(what, entries)).map((what) => ({ what })),
    ...(facts.archive.problem === undefined ? [] : [{ what: facts.archive.problem }]),
    ...checksOf(audit, 'gone'),
  ],
  'archive-not-linked': ({ entries }) =>
    ofType(entries, 'archive.not-linked')
      .filter(({ entry, index }) => entry.payload['ticket'] !== null && !isLinkedAfter(index, entries))
      .map((told) => ({ what: `${text(told, 'ticket')}: ${text(told, 'problem')}`, where: entryText(told) })),
  'delivery-failed': ({ facts }) =>
    facts.deliveries
      .filter(({ status }) => status !== 'acknowledged')
      .map(({ id, trigger, channel, status, attempts }) => ({
        what: `${trigger} to ${channel} is ${status} after ${attempts} tries`,
        where: id,
      })),
  'delivery-escalated': ({ facts }) =>
    facts.deliveries.flatMap(({ id, trigger, channel, escalatedTo }) =>
      escalatedTo === undefined
        ? []
        : [{ what: `${trigger} could not be told over ${channel} and went to ${escalatedTo}`, where: id }],
    ),
  'lease-lost': ({ entries }) =>
    ofType(entries, 'lease.expired').map((lost) => ({
      what: `${text(lost, 'instance')} had not renewed its lease by ${text(lost, 'expiredAt')}`,
      where: entryText(lost),
    })),
};

/** Telemetry is kept once a minute: what was live for less than two has none, and nothing is missing. */
function isTooShort(what: string, entries: readonly StoredEntry[]): boolean {
  const enabled = entries.find(({ entry }) => entry.type === 'launch.enabled');
  const ended = entries.find(
    ({ index, entry }) => index > (enabled?.index ?? 0) && /^(stop|kill)\.requested$/.test(entry.type),
  );
  if (!what.startsWith('telemetry.jsonl') || !enabled || !ended) return false;
  return Date.parse(ended.entry.at) - Date.parse(enabled.entry.at) < 2 * MINUTE_MS;
}

const VALIDATING = /^(Smoke|ParametersNotApproved|KillPathNotProved|ArtifactNotAttested|ConfigurationMismatch)/;
const DRAIN_ENDED: ReadonlySet<string> = new Set(['drain.cancelled', 'drain.left', 'drain.escalated']);

const isLinkedAfter = (at: number, entries: readonly StoredEntry[]): boolean =>
  ofType(entries, 'archive.linked').some(({ index }) => index > at);
const ofType = (entries: readonly StoredEntry[], type: string) => entries.filter(({ entry }) => entry.type === type);
const text = ({ entry }: StoredEntry, member: string): string => String(entry.payload[member] ?? 'something unknown');
const entryText = ({ index, entry }: StoredEntry): string => `entry ${index} (${entry.type})`;

const checksOf = ({ checks }: AuditReport, verdict: SignatureCheck['verdict']): Found[] =>
  checks
    .filter((check) => check.verdict === verdict)
    .map(({ item, requirement, by, entry, why }) => ({
      what: `runbook ${item}, ${requirement}: ${why ?? verdict}${by === undefined ? '' : ` (${by})`}`,
      ...(entry !== undefined && { where: `entry ${entry}` }),
    }));

function lateConfirmation(kill: StoredEntry, entries: readonly StoredEntry[]): Found[] {
  const confirmation = confirmationOf(kill, entries);
  if (!confirmation || confirmation.tookMs <= confirmation.minutes * MINUTE_MS) return [];
  const { minutes, tookMs, entry } = confirmation;
  return [
    {
      what: `confirmed ${Math.round(tookMs / MINUTE_MS)} minutes after the kill, ${minutes} are agreed`,
      where: `entry ${entry}`,
    },
  ];
}

const Answered = z.object({ approval: z.string(), kind: z.string() });
const Question = z.object({ approval: z.string(), document: z.object({ expiresAt: z.iso.datetime() }) });

/** In the last tenth of the time that there was. A kill's confirmation has a rule of its own. */
function nearExpiry(signed: StoredEntry, entries: readonly StoredEntry[]): Found[] {
  const answer = Answered.safeParse(signed.entry.payload).data;
  if (!answer || answer.kind === 'kill-confirmation') return [];
  const asked = entries.findLast(
    ({ index, entry }) =>
      index < signed.index && entry.type === 'approval.requested' && entry.payload['approval'] === answer.approval,
  );
  const question = Question.safeParse(asked?.entry.payload).data;
  if (!asked || !question) return [];
  const [opened, expires, at] = [asked.entry.at, question.document.expiresAt, signed.entry.at].map((time) =>
    Date.parse(time),
  );
  if (
    opened === undefined ||
    expires === undefined ||
    at === undefined ||
    expires - at > (expires - opened) * LAST_SHARE
  )
    return [];
  return [
    {
      what: `${answer.kind} was signed at ${signed.entry.at}, and would have expired at ${question.document.expiresAt}`,
      where: entryText(signed),
    },
  ];
}

const Settled = z.object({
  differing: z.number(),
  differences: z.array(
    z.looseObject({ what: z.string(), instrument: z.string().optional(), venues: z.number(), engines: z.number() }),
  ),
  silent: z.array(z.object({ source: z.string(), why: z.string() })),
});

function differences(settled: StoredEntry): Found[] {
  const { data } = Settled.safeParse(settled.entry.payload);
  const told = (data?.differences ?? []).map(({ what, instrument, venues, engines }) => ({
    what: `${what}${instrument === undefined ? '' : ` ${instrument}`}: venues ${venues}, engines ${engines}`,
    where: entryText(settled),
  }));
  const more = (data?.differing ?? 0) - told.length;
  return more > 0
    ? [...told, { what: `${more} differences more stand in settle.json`, where: entryText(settled) }]
    : told;
}

const silences = (settled: StoredEntry): Found[] =>
  (Settled.safeParse(settled.entry.payload).data?.silent ?? []).map(({ source, why }) => ({
    what: `${source} did not say what it holds: ${why}`,
    where: entryText(settled),
  }));
