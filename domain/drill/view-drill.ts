import * as z from 'zod';
import { RunId } from '../ids.ts';
import { entriesOfKill } from '../kill/entries-of-kill.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Drill } from './drill.ts';
import { drillBudgets } from './drill-budgets.ts';
import { drillFacts } from './drill-facts.ts';
import { DrillScore, scoreDrill } from './score-drill.ts';

const Scored = z.object({ score: DrillScore, record: z.object({ key: z.string(), hash: z.string() }) });

/** A drill as far as it is known; `record` is its score as it was filed, once the kill is certified. */
export type DrillView = { drill: Drill; score: DrillScore; record: { key: string; hash: string } | null };

/** The score of a drill: as it is recorded, or from what is known now while the kill is under way. Refuses a run that is no drill. */
export async function viewDrill(id: string, ports: Pick<Ports, 'records' | 'ledger' | 'now'>): Promise<DrillView> {
  const run = RunId.safeParse(id).data;
  const drill = run && (await ports.records.get('DRILL', run));
  if (!drill) throw new Refusal('UnknownRun', `there is no drill ${id.slice(0, 100)}`, 'look at the list of drills');
  const cited = await entriesOfKill({ id: drill.id, strategyId: drill.strategyId }, ports);
  const entries = cited.map(({ entry }) => entry);
  const filed = Scored.safeParse(entries.find(({ type }) => type === 'drill.scored')?.payload).data;
  if (filed) return { drill, score: filed.score, record: filed.record };
  const registration = await ports.records.get('REGISTRATION', drill.strategyId);
  if (!registration)
    throw new Refusal(
      'UnknownStrategy',
      `${drill.strategyId} is not registered any more`,
      'deploy its configuration again',
    );
  const isLost = entries.every(({ type }) => type !== 'kill.requested') && ports.now().toISOString() > drill.expiresAt;
  const now = isLost ? undefined : ports.now(); // what was never sent is not waited for
  return {
    drill,
    score: scoreDrill(await drillFacts(drill.id, entries, ports), drillBudgets(registration.policy), now),
    record: null,
  };
}
