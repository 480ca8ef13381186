import type { Metric, Metrics } from '../../domain/ports/metrics.ts';

const NAMESPACE = 'TradePulse';
const MOST_VALUES = 100; // of one metric in one line: what the format allows

type Kept = {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly metrics: Map<string, { unit: Metric['unit']; values: number[] }>;
  facts: Readonly<Record<string, string>>;
};

/**
 * Metrics by log lines in CloudWatch's embedded metric format: no call that could fail, one line for each set of dimensions. (Powertools'
 * metrics hold one set of dimensions for a whole Lambda, read the process environment and write to the console by themselves.)
 */
export function emfMetrics(log: (line: Record<string, unknown>) => void, now: () => Date): Metrics {
  const all = new Map<string, Kept>();
  const write = (key: string, kept: Kept) => {
    all.delete(key);
    if (kept.metrics.size > 0) log(lineOf(kept, now()));
  };
  return {
    put(dimensions, metrics, facts = {}) {
      const key = JSON.stringify(dimensions);
      const kept = all.get(key) ?? { dimensions, metrics: new Map(), facts };
      all.set(key, kept);
      kept.facts = { ...kept.facts, ...facts };
      for (const metric of metrics) add(kept, metric);
      if ([...kept.metrics.values()].some(({ values }) => values.length >= MOST_VALUES)) write(key, kept);
    },
    flush() {
      for (const [key, kept] of all) write(key, kept);
    },
  };
}

/** What is no number says nothing, and would cost the whole line. */
function add({ metrics }: Kept, { name, unit, value }: Metric): void {
  const values = (typeof value === 'number' ? [value] : value).filter(Number.isFinite);
  if (values.length === 0) return;
  const before = metrics.get(name);
  metrics.set(name, { unit, values: [...(before?.values ?? []), ...values].slice(-MOST_VALUES) });
}

function lineOf({ dimensions, metrics, facts }: Kept, at: Date): Record<string, unknown> {
  const values = [...metrics].map(([name, each]) => [name, each.values.length === 1 ? each.values[0] : each.values]);
  return {
    _aws: {
      Timestamp: at.getTime(),
      CloudWatchMetrics: [
        {
          Namespace: NAMESPACE,
          Dimensions: [Object.keys(dimensions)],
          Metrics: [...metrics].map(([Name, { unit }]) => ({ Name, Unit: unit })),
        },
      ],
    },
    ...dimensions,
    ...Object.fromEntries(values),
    ...facts,
  };
}
