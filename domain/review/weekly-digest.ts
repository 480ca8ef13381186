import type { Delivery } from '../communications/delivery.ts';
import type { Run } from '../control-record.ts';
import type { Override } from '../override/override.ts';
import type { Strategy } from '../strategy.ts';
import { markdownTable as table, escapeMarkdown as text } from './escape-markdown.ts';
import { type IsoWeek, weekTimes } from './iso-week.ts';
import { isOverdue, type Review } from './review.ts';

/** What a digest is made from: all that may fall into the week, and what stands now. */
export type DigestFacts = {
  readonly week: IsoWeek;
  readonly now: Date;
  readonly overrides: readonly Override[];
  readonly reviews: readonly Review[];
  readonly runs: readonly Run[];
  readonly strategies: readonly Strategy[];
  readonly deliveries: readonly Delivery[];
};

/** A week in one line for each thing that Compliance looks at, and as a page. */
export type Digest = {
  readonly week: IsoWeek;
  readonly counts: Readonly<Record<string, number>>;
  readonly lines: string;
  readonly page: string;
};

const MOST_ROWS = 200;

/** The digest of a week for Compliance (issue "weekly digest"): overrides, late confirmations, failed verifications, reviews that are open or overdue, kills without a second person, and messages that failed. */
export function weeklyDigest(facts: DigestFacts): Digest {
  const { week } = facts;
  const { from, to } = weekTimes(week);
  const parts = partsOf(facts, (at) => from <= at && at < to);
  const counts = Object.fromEntries(parts.map(({ title, rows }) => [title, rows.length]));
  const lines = parts.map(({ title, rows }) => `${title}: ${rows.length}`).join('\n');
  return { week, counts, lines, page: pageOf(week, { from, to }, parts) };
}

type Part = {
  readonly title: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
};

function partsOf(
  { overrides, reviews, runs, strategies, deliveries, now }: DigestFacts,
  isWithin: (at: string) => boolean,
): Part[] {
  const opened = reviews.filter(({ openedAt }) => isWithin(openedAt));
  const open = reviews.filter(({ status }) => status === 'open');
  return [
    {
      title: 'overrides',
      heads: ['override', 'strategy', 'asked by', 'at', 'checks', 'reason'],
      rows: overrides
        .filter(({ at }) => isWithin(at))
        .map(({ id, strategyId, requestedBy, at, findings, reason }) => [
          id,
          strategyId,
          requestedBy,
          at,
          findings.map(({ check }) => check).join(' '),
          reason,
        ]),
    },
    { title: 'late confirmations', heads: FOUND, rows: foundIn(opened, ['kill-confirmed-late', 'signed-near-expiry']) },
    {
      title: 'failed verifications',
      heads: FOUND,
      rows: foundIn(opened, ['log-altered', 'signature-missing', 'signature-invalid']),
    },
    {
      title: 'reviews open now',
      heads: ['run', 'findings', 'opened', 'due'],
      rows: open.map(({ id, findingCount, openedAt, dueAt }) => [id, findingCount ?? 'not known yet', openedAt, dueAt]),
    },
    {
      title: 'reviews overdue now',
      heads: ['run', 'due'],
      rows: open.filter((review) => isOverdue(review, now)).map(({ id, dueAt }) => [id, dueAt]),
    },
    {
      title: 'kills without a second person now',
      heads: ['run', 'strategy', 'killed by', 'at'],
      rows: strategies.flatMap(({ id, latch }) =>
        latch && latch.confirmedBy === undefined ? [[latch.runId, id, latch.initiatedBy, latch.at]] : [],
      ),
    },
    {
      title: 'runs that failed',
      heads: ['run', 'by', 'from', 'why'],
      rows: runs
        .filter(({ startedAt, failure }) => failure !== undefined && isWithin(startedAt))
        .map(({ id, requestedBy, startedAt, failure }) => [
          id,
          requestedBy,
          startedAt,
          `${failure?.code}: ${failure?.message}`,
        ]),
    },
    {
      title: 'messages that failed',
      heads: ['delivery', 'trigger', 'channel', 'at'],
      rows: deliveries
        .filter(({ at, status }) => status === 'failed' && isWithin(at))
        .map(({ id, trigger, channel, at }) => [id, trigger, channel, at]),
    },
  ];
}

const FOUND = ['run', 'what', 'where'] as const;

const foundIn = (reviews: readonly Review[], codes: readonly string[]): unknown[][] =>
  reviews.flatMap(({ id, findings = [] }) =>
    findings.filter(({ code }) => codes.includes(code)).map(({ what, where }) => [id, what, where ?? '']),
  );

function pageOf(week: string, { from, to }: { from: string; to: string }, parts: readonly Part[]): string {
  const sections = parts.map(({ title, heads, rows }) => {
    const left = rows.length - MOST_ROWS;
    const more = left > 0 ? `\n\n${left} more are left out.` : '';
    return `## ${text(title)}: ${rows.length}\n\n${table(heads, rows.slice(0, MOST_ROWS))}${more}`;
  });
  return [`# Digest of week ${text(week)}`, `From ${from} to ${to}.`, ...sections].join('\n\n').concat('\n');
}
