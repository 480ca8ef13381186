import type { Caller } from '../approval/caller.ts';
import type { Changed } from '../change.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { RunbookStatementRequest } from './attest-request.ts';
import { RUNBOOK } from './attestation.ts';
import { putStatement, type StatementPut } from './put-statement.ts';
import { RUNBOOK_ATTESTED_BY, roleOf } from './who-attests.ts';

export type AttestRunbook = {
  readonly caller: Caller;
  readonly key: string;
  readonly request: RunbookStatementRequest;
};

const MOST_REGISTERED = 1_000;

/**
 * Runbook, last sentence: a person states that the runbook is current, over the digests of the very text and trace that this deployment carries.
 * The question stands in the log of the first strategy. Refuses WrongRole, and (InvalidRequest) where no edition or no strategy is registered.
 */
export async function attestRunbook(
  { caller, key, request }: AttestRunbook,
  ports: Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'>,
): Promise<Changed<StatementPut>> {
  const role = roleOf(caller, RUNBOOK_ATTESTED_BY, request.role);
  if (role instanceof Refusal) throw role;
  const [edition, registry] = await Promise.all([
    ports.records.get('RUNBOOK', 'runbook'),
    ports.records.list('REGISTRATION', { limit: MOST_REGISTERED }),
  ]);
  const strategyId = registry.map(({ id }) => id).toSorted()[0];
  if (!edition || !strategyId)
    throw new Refusal('InvalidRequest', 'no runbook, or no strategy, is registered yet', 'deploy, then attest it');
  const { text: runbook, trace } = edition;
  return putStatement(
    {
      ...{ id: RUNBOOK, strategyId, key, body: request, askedBy: caller.subject, role, about: RUNBOOK },
      says: { item: RUNBOOK, statement: request.statement, runbook, trace },
    },
    ports,
  );
}
