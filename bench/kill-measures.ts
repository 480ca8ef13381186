import { bundleFigures, importFigures } from './build-figures.ts';
import { costFigures } from './cost-figures.ts';
import type { Figure } from './figure.ts';
import { junkFigures } from './junk-figures.ts';
import { firstKillFigure, hostStartFigure, killFigures } from './kill-figures.ts';
import { scopeKillFigures } from './scope-kill-figures.ts';
import { venueZeroFigures } from './venue-zero-figures.ts';

/** Every budget of a kill (product, budgets). */
export const KILL_MEASURES: readonly (() => Promise<Figure[]>)[] = [
  bundleFigures,
  importFigures,
  costFigures,
  firstKillFigure,
  hostStartFigure,
  killFigures,
  venueZeroFigures,
  junkFigures,
  scopeKillFigures,
];
