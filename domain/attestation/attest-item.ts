import type { Caller } from '../approval/caller.ts';
import type { Changed } from '../change.ts';
import { type ChecklistPorts, collectChecklistFacts } from '../checklist/collect-checklist-facts.ts';
import { computeChecklist } from '../checklist/compute-checklist.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { ItemStatementRequest } from './attest-request.ts';
import { putStatement, type StatementPut } from './put-statement.ts';
import { attestersOf, roleOf } from './who-attests.ts';

export type AttestItem = {
  readonly caller: Caller;
  readonly runId: string;
  readonly key: string;
  readonly request: ItemStatementRequest;
};

export type AttestPorts = ChecklistPorts & Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'>;

/**
 * A person's statement about an item that no machine can see (runbook 5.2.2, 5.3.2, 7.2 ...), with the checklist as it stands at that moment:
 * put to their signature. Refuses what `attestersOf`, `roleOf` and `requireLaunch` refuse.
 */
export async function attestItem(
  { caller, runId, key, request }: AttestItem,
  ports: AttestPorts,
): Promise<Changed<StatementPut>> {
  const { item, statement } = request;
  const allowed = attestersOf(item);
  if (allowed instanceof Refusal) throw allowed;
  const role = roleOf(caller, allowed, request.role);
  if (role instanceof Refusal) throw role;
  const facts = await collectChecklistFacts(runId, ports);
  const { id: run, strategyId } = facts.run;
  const { digest } = computeChecklist(facts);
  return putStatement(
    {
      ...{ id: `${run}/${item}`, strategyId, key, body: { runId, ...request }, askedBy: caller.subject, role },
      about: strategyId,
      says: { item, run, statement, checklist: digest },
    },
    ports,
  );
}
