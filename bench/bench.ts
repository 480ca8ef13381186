import { parseArgs } from 'node:util';
import { bundleFigures, importFigures, synthFigures } from './build-figures.ts';
import { type Figure, figureLine, isKept } from './figure.ts';
import { firstKillFigure, hostStartFigure, killFigures } from './kill-figures.ts';
import { scopeKillFigures } from './scope-kill-figures.ts';
import { stateFigures } from './state-figures.ts';
import { verifyFigures } from './verify-figures.ts';

/**
 * `npm run bench`: figures beside their budgets, the missed ones too. `--json` prints one JSON object a line; `--strict`
 * ends with 1 when a budget is missed. A measurement that cannot be made ends with 1 always, after the others were made.
 */
const { values } = parseArgs({ options: { json: { type: 'boolean' }, strict: { type: 'boolean' } } });
const figures: Figure[] = [];
let failures = 0;

const measures = [
  synthFigures,
  bundleFigures,
  importFigures,
  stateFigures,
  verifyFigures,
  firstKillFigure,
  hostStartFigure,
  killFigures,
  scopeKillFigures,
];
for (const measure of measures) {
  try {
    for (const figure of await measure()) {
      figures.push(figure);
      console.log(values.json ? JSON.stringify({ ...figure, kept: isKept(figure) }) : figureLine(figure));
    }
  } catch (error) {
    failures += 1;
    console.error(`✖ ${measure.name} could not be measured: ${error instanceof Error ? error.message : String(error)}`);
  }
}
const missed = figures.filter((figure) => !isKept(figure));
if (!values.json)
  console.log(`\n${figures.length} figures, ${missed.length} beyond their budget, ${failures} not measured`);
process.exitCode = failures > 0 || (values.strict && missed.length > 0) ? 1 : 0;
