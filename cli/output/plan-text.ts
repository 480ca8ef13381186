import type { Difference, JudgedGate, Plan, ShownPlan } from '../replies.ts';
import { MARKS, type Paint, utc } from './marks.ts';
import { pairs } from './table.ts';

/** Everything a launch would do, a line for each thing that people look for first; the whole document is beside it. */
export function planText(paint: Paint, plan: Plan): string {
  const { blastRadius: radius, limits, manifest } = plan;
  const { notional, ordersPerSec } = radius;
  return pairs(paint, [
    ['strategy', `${plan.strategy} in ${plan.environment} (desk ${plan.desk})`],
    ['change', `${plan.ticket}, commit ${plan.commit}`],
    ['manifest', `signed by ${manifest.signers.join(', ')}, good until ${utc(manifest.expiresAt)}`],
    ['artifact', plan.artifactDigest],
    ['limits', plan.limitsDigest],
    ...Object.entries(limits.instruments).map(
      ([instrument, { maxNotional, maxPosition }]) =>
        [`  ${instrument}`, `at most ${maxNotional} ${limits.currency}, position ${maxPosition}`] as const,
    ),
    ['  leverage', `at most ${limits.leverageCap}`],
    ['parameters', plan.parametersDigest],
    ...Object.entries(plan.parameters).map(([name, value]) => [`  ${name}`, JSON.stringify(value)] as const),
    ['venues', plan.venues.map(({ id, kind }) => `${id} (${kind})`).join(', ')],
    ['engines', `${plan.engines.join(', ')}; each up to ${plan.maxOrdersPerSec} orders/s`],
    [
      'at worst',
      `${notional.total} ${notional.currency} notional (killed at ${notional.killedAt}), ${ordersPerSec.total} orders/s, ${radius.venues.live.length} live venues`,
    ],
    ['halted by', `a kill of ${radius.killScopes.join(', ')}`],
    ['overrides', plan.overrides.map(({ id, checks }) => `${id} (${checks.join(', ')})`).join('; ') || 'none'],
    ['tells', toldText(plan)],
    ['locks', plan.locked.join(', ')],
  ]);
}

const toldText = ({ told }: Plan): string =>
  [...new Set(told.flatMap(({ channels, audience }) => channels.map((to) => `${to} (${audience.join(', ')})`)))].join(
    '; ',
  );

/** What stands around a plan: neighbours that trade there too, and what is new beside the last launch. */
export const surroundingsText = (paint: Paint, { alsoLive, since }: Pick<ShownPlan, 'alsoLive' | 'since'>): string =>
  [
    pairs(paint, [
      ['also live', alsoLive.map(({ strategy, mode }) => `${strategy} (${mode})`).join(', ') || 'nothing there'],
      ['since last', since ? `${since.count} differences from ${since.run}` : 'no launch to compare with'],
    ]),
    ...(since ? since.differences.map((each) => `  ${differenceLine(each)}`) : []),
  ].join('\n');

export const differenceLine = ({ path, approved, now }: Difference): string => `${path}: ${approved} -> ${now}`;

const RANK = ['no-go', 'postpone', 'warn', 'go'];
const SIGN: Readonly<Record<string, string>> = {
  'no-go': MARKS.failed,
  postpone: MARKS.failed,
  warn: '!',
  go: MARKS.succeeded,
};
const COLOUR: Readonly<Record<string, 'failed' | 'warn' | 'succeeded'>> = {
  'no-go': 'failed',
  postpone: 'failed',
  warn: 'warn',
  go: 'succeeded',
};

/** One finding a line, the first failing reason first; a gate that found nothing amiss is one line. */
export function gateLines(paint: Paint, gates: readonly JudgedGate[]): string[] {
  const lines = gates.flatMap(({ gate, verdict, summary, findings }) => {
    const amiss = (findings ?? []).filter((each) => each.verdict !== 'go');
    if (amiss.length === 0) return [{ verdict, text: summary }];
    return amiss.map(({ verdict: found, check, expected, actual }) => ({
      verdict: found,
      text: `${gate}: ${found === 'postpone' ? 'postponed, ' : ''}${check}: expected ${String(expected)}, found ${String(actual)}`,
    }));
  });
  const rank = (verdict: string) => RANK.indexOf(verdict);
  return lines
    .toSorted((left, right) => rank(left.verdict) - rank(right.verdict))
    .map(({ verdict, text }) => `${paint(colourOf(verdict), SIGN[verdict] ?? '?')} ${text}`);
}

const colourOf = (verdict: string) => COLOUR[verdict] ?? 'warn';
