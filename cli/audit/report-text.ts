import type { Verdict } from '../../domain/ledger/verify/finding.ts';
import { FINDING_KINDS } from '../../domain/ledger/verify/finding.ts';
import type { Report } from '../../domain/ledger/verify/report.ts';
import type { Paint } from '../output/marks.ts';
import { pairs } from '../output/table.ts';

const MEANINGS: Record<Verdict, string> = {
  sound: 'sound: nothing is wrong, and nothing that was asked for is missing',
  tampered: 'TAMPERED: this is not what was signed',
  incomplete: 'incomplete: nothing is wrong, but not everything could be proved',
  unreadable: 'unreadable: this could not be read to its end',
};

/** A report for people: the verdict, what still holds, what is wrong and where, and what else to know. */
export function reportText(paint: Paint, report: Report): string {
  const { verdict, log, findings, findingCount, notes } = report;
  const title = `${verdict === 'sound' ? '✓' : '✖'} ${log === '' ? '' : `${log}: `}${MEANINGS[verdict]}`;
  const more = findingCount > findings.length ? [`  and ${findingCount - findings.length} more like these`] : [];
  return [
    paint(verdict === 'sound' ? 'succeeded' : 'failed', title),
    ...factsOf(paint, report),
    ...findings.map(({ kind, what }) => `  ✖ ${what} [${kind}, ${FINDING_KINDS[kind]}]`),
    ...more,
    ...notes.map((note) => paint('dim', `  note: ${note}`)),
  ].join('\n');
}

function factsOf(paint: Paint, report: Report): string[] {
  const { origin, size, entries, omitted, checkpoints, proved, newestCheckpoint } = report;
  if (origin === '') return [];
  const shown = omitted > 0 ? `${entries} shown, ${omitted} left out (hashes only)` : `${entries} shown`;
  const facts = pairs(paint, [
    ['origin', origin],
    ['entries', `${shown}, of ${size}`],
    ['checkpoints', checkpoints],
    ['proved', proved],
    ['newest', newestCheckpoint && `checkpoint ${newestCheckpoint.size}, root ${newestCheckpoint.root}`],
  ]);
  return facts.split('\n').map((line) => `  ${line}`);
}
