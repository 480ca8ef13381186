import { type Figure, percentile } from './figure.ts';
import type { Scale } from './monitor-figures.ts';
import type { Renewal } from './renewing-engines.ts';
import type { WatchReport } from './watch-report.ts';

export type Watched = {
  readonly report: WatchReport;
  /** Those of engines over HTTP, while the watchdog watched. */
  readonly renewals: readonly Renewal[];
  /** When each breach was about to be told for the first time, in milliseconds of the wall clock. */
  readonly breaches: ReadonlyMap<string, number>;
};

/** What a watch came to, beside the budgets (product, budgets): every breach that was missed counts as one without end. */
export function watchFigures(watched: Watched, scale: Scale): Figure[] {
  return [...lookFigures(watched), ...breachFigures(watched), ...renewalFigures(watched, scale)];
}

/** What a Lambda of 512 MB gets of a processor in a second (1,769 MB get a whole one). */
const SHARE_OF_512_MB_MS = 290;

function lookFigures({ report: { ticks, longestGapMs, strategies, mostMemory, faults } }: Watched): Figure[] {
  if (ticks.length === 0) throw new Error(`the watchdog never looked: ${faults[0] ?? 'and nothing went wrong'}`);
  const ms = ticks.map((each) => each.ms);
  const cpuMs = percentile(
    ticks.map((each) => each.cpuMs),
    0.5,
  );
  const calls = Math.max(...ticks.map((each) => each.calls));
  const note = `${strategies} strategies, ${ticks.length} looks, ${faults.length} faults${faults[0] ? `, the first ${faults[0].slice(0, 200)}` : ''}`;
  return [
    { name: 'watchdog, one look, p50', value: percentile(ms, 0.5), unit: 'ms', note },
    { name: 'watchdog, one look, p99', value: percentile(ms, 0.99), unit: 'ms', budget: 1_000, note },
    { name: 'watchdog, processor time of one look, p50', value: cpuMs, unit: 'ms', budget: SHARE_OF_512_MB_MS },
    {
      name: 'watchdog, longest time between two looks at a strategy',
      value: longestGapMs / 1_000,
      unit: 's',
      budget: 2,
    },
    {
      name: 'watchdog, calls to the store a look',
      value: calls,
      unit: 'x',
      budget: 2 * Math.ceil(strategies / 100) + 1,
      note: 'a hundred items each',
    },
    { name: 'watchdog, memory of its process', value: mostMemory / 1e6, unit: 'MB', budget: 512 },
  ];
}

function breachFigures({ report: { deeds, recorded }, breaches }: Watched): Figure[] {
  const after = (all: typeof deeds, id: string, at: number) =>
    all.find((each) => each.strategyId === id && each.at >= at)?.at ?? Number.POSITIVE_INFINITY;
  const seen = [...breaches].map(([id, at]) => {
    const deed = after(deeds, id, at);
    return { acted: deed - at, told: after(recorded, id, at) - deed };
  });
  const [acted, told] = [seen.map((each) => each.acted), seen.map((each) => each.told)];
  const needless = new Set(deeds.map(({ strategyId }) => strategyId).filter((id) => !breaches.has(id))).size;
  const note = `${seen.length} breaches; ${needless} strategies acted on without one`;
  return [
    { name: 'breach to watchdog acting, p50', value: percentile(acted, 0.5), unit: 'ms', note },
    { name: 'breach to watchdog acting, p99', value: percentile(acted, 0.99), unit: 'ms', budget: 2_500, note },
    {
      name: 'watchdog acting to alert in the store, p99',
      value: percentile(told, 0.99),
      unit: 'ms',
      budget: 1_000,
      note,
    },
  ];
}

function renewalFigures({ renewals }: Watched, { strategies, overHttp, seconds }: Scale): Figure[] {
  const granted = renewals.filter(({ status }) => status === 200);
  const others = [...new Set(renewals.map(({ status }) => status))].filter((status) => status !== 200);
  const said = others.map(
    (status) => `${renewals.filter((each) => each.status === status).length} answered ${status || 'nothing'}`,
  );
  const ms = renewals.map((each) => each.ms);
  const note = [...said, `${strategies - overHttp} more written in bulk each second`].join(', ');
  return [
    {
      name: 'leases renewed over HTTP',
      value: granted.length / seconds,
      unit: '/s',
      budget: overHttp * 0.95,
      atLeast: true,
      note,
    },
    { name: 'lease renewed over HTTP, p50', value: percentile(ms, 0.5), unit: 'ms' },
    {
      name: 'lease renewed over HTTP, p99',
      value: percentile(ms, 0.99),
      unit: 'ms',
      note: 'beside the watch and the bulk',
    },
  ];
}
