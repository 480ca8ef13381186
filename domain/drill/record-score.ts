import { readRegistration } from '../change.ts';
import type { Run } from '../control-record.ts';
import type { Decision } from '../decision.ts';
import { ActorId } from '../ids.ts';
import type { LedgerEntry } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import { writeRunEvidence } from '../run-evidence.ts';
import { drillBudgets } from './drill-budgets.ts';
import { drillFacts } from './drill-facts.ts';
import { drillPage } from './drill-page.ts';
import { readDrill } from './read-drill.ts';
import { scoreDrill } from './score-drill.ts';

/** What a drill adds to the end of its kill: its score as evidence, once, and what has to be written with the certificate. Nothing for a real kill. */
export async function recordScore(
  run: Run,
  entries: readonly LedgerEntry[],
  ports: Pick<Ports, 'records' | 'evidence'>,
): Promise<Required<Pick<Decision, 'entries' | 'records'>> & { isDrill: boolean }> {
  const drill = await readDrill(run.id, ports);
  if (!drill) return { isDrill: false, entries: [], records: [] };
  const { policy } = await readRegistration(run.strategyId, ports);
  const score = scoreDrill(await drillFacts(run.id, entries, ports), drillBudgets(policy));
  const record = await writeRunEvidence(run, 'drill.json', score, ports);
  const page = await writeRunEvidence(run, 'drill.md', drillPage(score, run.strategyId), ports);
  const verdict = score.verdict === 'passed' ? 'passed' : 'failed'; // nothing is pending at the end
  return {
    isDrill: true,
    entries: [
      { type: 'drill.scored', actor: ActorId.parse('service:kill'), run: run.id, payload: { score, record, page } },
    ],
    records: [{ kind: 'DRILL', record: { ...drill, verdict } }],
  };
}
