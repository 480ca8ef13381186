import * as z from 'zod/mini';
import { plainText } from './plain-text.ts';
import type { Fact } from './sign-view.ts';

const Difference = z.object({ path: z.string(), approved: z.string(), now: z.string() });
const Texts = z.array(z.string());

/** As much of a launch's document as is put into words; whatever else stands in it is shown with the document itself. */
const Launch = z.object({
  plan: z.object({
    ...{ ticket: z.string(), commit: z.string(), artifactDigest: z.string(), maxOrdersPerSec: z.number() },
    limits: z.object({
      ...{ currency: z.string(), leverageCap: z.number() },
      instruments: z.record(z.string(), z.object({ maxNotional: z.number(), maxPosition: z.number() })),
    }),
    manifest: z.object({ signers: Texts }),
    venues: z.array(z.object({ id: z.string(), kind: z.string() })),
    engines: Texts,
    overrides: z.array(z.object({ id: z.string(), checks: Texts, reason: z.string() })),
    blastRadius: z.object({
      notional: z.object({ total: z.number(), killedAt: z.number(), currency: z.string() }),
      ordersPerSec: z.object({ total: z.number() }),
      killScopes: Texts,
    }),
  }),
  gates: z.array(z.object({ gate: z.string(), verdict: z.string(), summary: z.string() })),
  alsoLive: z.array(z.object({ strategy: z.string(), mode: z.string() })),
  since: z.nullable(z.object({ run: z.string(), count: z.number(), differences: z.array(Difference) })),
});
type Launch = z.infer<typeof Launch>;
export type Change = z.infer<typeof Difference>;

/** A launch in plain words, taken from nothing but the document that is signed. */
export type LaunchView = {
  readonly facts: readonly Fact[];
  /** What every gate found; `mark` says in shape what colour says as well. */
  readonly gates: readonly { readonly mark: string; readonly text: string }[];
  readonly since: string;
  readonly differences: readonly Change[];
};

/** Nothing for documents of other questions. */
export function launchView(document: unknown): LaunchView | undefined {
  const { data } = z.safeParse(Launch, document);
  if (!data) return undefined;
  return {
    facts: factsOf(data).map(([term, description]) => [plainText(term), plainText(description)]),
    gates: data.gates.map(({ verdict, summary }) => ({ mark: MARKS[verdict] ?? '?', text: plainText(summary) })),
    since: sinceWords(data),
    differences: (data.since?.differences ?? []).map(plainChange),
  };
}

/** What has changed, in characters that can be seen. */
export const plainChange = ({ path, approved, now }: Change): Change => ({
  path: plainText(path),
  approved: plainText(approved),
  now: plainText(now),
});

const MARKS: Readonly<Record<string, string>> = { go: '✓', warn: '!', 'no-go': '✖', postpone: '✖' };

function factsOf({ plan, alsoLive }: Launch): Fact[] {
  const { limits, blastRadius: radius } = plan;
  const { notional } = radius;
  return [
    ['Change', `${plan.ticket}, commit ${plan.commit}`],
    ['Manifest signed by', plan.manifest.signers.join(', ')],
    ['Artifact', plan.artifactDigest],
    ...Object.entries(limits.instruments).map(
      ([instrument, { maxNotional, maxPosition }]): Fact => [
        `Limit of ${instrument}`,
        `${maxNotional} ${limits.currency}, position ${maxPosition}`,
      ],
    ),
    ['Leverage', `at most ${limits.leverageCap}`],
    ['Venues', plan.venues.map(({ id, kind }) => `${id} (${kind})`).join(', ')],
    ['Engines', `${plan.engines.join(', ')}; each up to ${plan.maxOrdersPerSec} orders a second`],
    [
      'At worst',
      `${notional.total} ${notional.currency} notional, killed at ${notional.killedAt}; ${radius.ordersPerSec.total} orders a second`,
    ],
    ['Halted by a kill of', radius.killScopes.join(', ')],
    ['Overrides', plan.overrides.map(overrideWords).join('; ') || 'none'],
    ['Also live there', alsoLive.map(({ strategy, mode }) => `${strategy} (${mode})`).join(', ') || 'nothing'],
  ];
}

const overrideWords = ({ id, checks, reason }: Launch['plan']['overrides'][number]): string =>
  `${id}: ${checks.join(', ')}, because ${reason}`;

function sinceWords({ since }: Launch): string {
  if (!since) return 'There is no earlier launch to compare with.';
  if (since.count === 0) return `Nothing is new since ${plainText(since.run)}.`;
  const more = since.count > since.differences.length ? `; the first ${since.differences.length} are below` : '';
  return `${since.count} differences from ${plainText(since.run)}${more}.`;
}
