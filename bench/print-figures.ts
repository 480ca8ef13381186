import { parseArgs } from 'node:util';
import { type Figure, figureLine, isKept } from './figure.ts';

type Measure = () => Promise<Figure[]>;

/**
 * Measures one after the other and prints each figure beside its budget, the missed ones too. `--json` prints one JSON object a
 * line; `--strict` ends with 1 when a budget is missed. A measurement that cannot be made ends with 1 always, after the others
 * were made.
 */
export async function printFigures(measures: readonly Measure[]): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'boolean' }, strict: { type: 'boolean' } } });
  const lineOf = (figure: Figure) =>
    values.json ? JSON.stringify({ ...figure, kept: isKept(figure) }) : figureLine(figure);
  const figures: Figure[] = [];
  let failures = 0;
  for (const measure of measures) {
    const measured = await figuresOf(measure);
    failures += measured ? 0 : 1;
    figures.push(...(measured ?? []));
    for (const figure of measured ?? []) console.log(lineOf(figure));
  }
  const missed = figures.filter((figure) => !isKept(figure)).length;
  if (!values.json) console.log(`\n${figures.length} figures, ${missed} beyond their budget, ${failures} not measured`);
  const isBad = failures > 0 || (values.strict === true && missed > 0);
  process.exitCode = Number(isBad);
}

/** Nothing where it could not be measured, which is said on stderr. */
async function figuresOf(measure: Measure): Promise<Figure[] | undefined> {
  try {
    return await measure();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    console.error(`✖ ${measure.name} could not be measured: ${why}`);
    return undefined;
  }
}
