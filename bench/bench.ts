import { alertFigures } from './alert-figures.ts';
import { synthFigures } from './build-figures.ts';
import { KILL_MEASURES } from './kill-measures.ts';
import { launchCostFigures } from './launch-cost-figures.ts';
import { MONITOR_MEASURES } from './monitor-measures.ts';
import { printFigures } from './print-figures.ts';
import { stateFigures } from './state-figures.ts';
import { verifyFigures } from './verify-figures.ts';

/** `npm run bench`: every budget that a benchmark can hold. */
await printFigures([
  synthFigures,
  stateFigures,
  verifyFigures,
  launchCostFigures,
  alertFigures,
  ...KILL_MEASURES,
  ...MONITOR_MEASURES,
]);
