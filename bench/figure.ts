/** One measured figure beside its budget (product, budgets). `note` says what was measured when the name cannot. */
export type Figure = {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | 's' | 'KB' | 'MB' | '/s' | 'x' | '$';
  readonly budget?: number;
  /** A rate has to reach its budget, everything else has to stay below it. */
  readonly atLeast?: boolean;
  readonly note?: string;
};

/** Whether a figure keeps its budget; one without a budget always does. */
export const isKept = ({ value, budget, atLeast }: Figure): boolean =>
  budget === undefined || (atLeast ? value >= budget : value <= budget);

/** One line for people: mark, name, figure, budget. */
export function figureLine(figure: Figure): string {
  const { name, value, unit, budget, atLeast, note } = figure;
  const against = budget === undefined ? '' : ` (budget ${atLeast ? '>=' : '<='} ${budget} ${unit})`;
  return `${isKept(figure) ? '✓' : '✖'} ${name}: ${rounded(value)} ${unit}${against}${note ? `; ${note}` : ''}`;
}

/** The value below which the given part of the samples lies; the nearest sample, nothing in between. Refuses no samples. */
export function percentile(samples: readonly number[], part: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const found = sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)];
  if (found === undefined) throw new RangeError('there is no percentile of nothing');
  return found;
}

const rounded = (value: number) => (value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0));
