import { KILL_MEASURES } from './kill-measures.ts';
import { printFigures } from './print-figures.ts';

/** `npm run bench:kill`: the budgets of a kill alone. */
await printFigures(KILL_MEASURES);
