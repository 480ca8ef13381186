import { MONITOR_MEASURES } from './monitor-measures.ts';
import { printFigures } from './print-figures.ts';

/** `npm run bench:monitor`: the budgets of monitoring alone. */
await printFigures(MONITOR_MEASURES);
