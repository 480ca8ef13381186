import type { ControlRecord, Run } from '../control-record.ts';
import { type GateResult, passes } from '../launch/finding.ts';
import type { NewEntry } from '../ledger/ledger-entry.ts';
import { lastGoodSmokeId } from './last-good-smoke.ts';
import type { ArchivedSmoke } from './read-smoke.ts';
import { lastGoodOf, type SmokeDocument } from './smoke-document.ts';

/** What the ledger says of a replay: the verdict, every finding, and where the report stands. One that did not pass and goes on all the same was overridden (product decision 13). */
export const smokeEntry = (
  run: Run,
  { document, archived }: ArchivedSmoke,
  gates: readonly GateResult[],
): NewEntry => ({
  type: `smoke.${outcomeOf(document, gates)}`,
  actor: run.requestedBy,
  run: run.id,
  payload: { verdict: document.verdict, windowMinutes: document.windowMinutes, report: archived, gates },
});

function outcomeOf({ verdict }: SmokeDocument, gates: readonly GateResult[]): 'passed' | 'overridden' | 'failed' {
  if (verdict === 'passed') return 'passed';
  return gates.every((gate) => passes(gate.verdict)) ? 'overridden' : 'failed';
}

/** Only a replay that passed by itself is what later ones are shown beside. */
export const smokeRecords = ({ document, archived }: ArchivedSmoke): ControlRecord[] =>
  document.verdict === 'passed'
    ? [
        {
          kind: 'SMOKE',
          record: lastGoodOf(document, archived, lastGoodSmokeId(document.strategy, document.windowMinutes)),
        },
      ]
    : [];

/** One sentence: how many instances stayed in their bands, over which minutes, and how old these are. */
export function smokeSummary({ instances, verdict, windowMinutes }: SmokeDocument): string {
  const good = instances.filter((each) => each.verdict === 'passed').length;
  const ages = instances.flatMap(({ window }) => (window ? [window.ageHours] : []));
  const age = ages.length === 0 ? '' : `, up to ${Math.round(Math.max(...ages) * 10) / 10} h old`;
  return `smoke ${verdict}: ${good} of ${instances.length} instances stayed in every band over ${windowMinutes} recorded minutes${age}`;
}
