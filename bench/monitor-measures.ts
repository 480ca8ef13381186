import { breachFigures } from './breach-figures.ts';
import type { Figure } from './figure.ts';
import { monitorCostFigures } from './monitor-cost-figures.ts';
import { monitorFigures } from './monitor-figures.ts';

/** Every budget of monitoring (product, budgets). */
export const MONITOR_MEASURES: readonly (() => Promise<Figure[]>)[] = [
  monitorCostFigures,
  monitorFigures,
  breachFigures,
];
