import type { Role } from '../approval/approval.ts';
import { approvalId, openApproval } from '../approval/open-approval.ts';
import { type Changed, change } from '../change.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { Decision } from '../decision.ts';
import { type ActorId, type ApprovalId, RunId, type StrategyId } from '../ids.ts';
import { nonceOf } from '../launch/launch-plan.ts';
import type { Ports } from '../ports/ports.ts';
import type { Strategy } from '../strategy.ts';
import { type Attestation, MOST_STATEMENTS, type Statement } from './attestation.ts';

export type StatementPut = { readonly statement: Statement; readonly approval: ApprovalId; readonly summary: string };

/** What is to be signed, in whose log, and what is signed with it. */
export type Putting = {
  readonly id: Attestation['id'];
  readonly strategyId: StrategyId;
  readonly key: string;
  readonly body: unknown;
  readonly askedBy: ActorId;
  readonly role: Role;
  /** In the middle of the question's name: the strategy, or `runbook`. */
  readonly about: string;
  readonly says: Pick<Statement, 'item' | 'statement' | 'run' | 'checklist' | 'runbook' | 'trace'>;
};

type PuttingPorts = Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'>;

const SIGNED_WITHIN_MS = 30 * 60_000;

/** Puts a statement before a person: it says nothing until somebody in its role has signed exactly it. The same key asks once. */
export function putStatement(putting: Putting, ports: PuttingPorts): Promise<Changed<StatementPut>> {
  const { strategyId, key, body, id } = putting;
  return change(
    strategyId,
    { key, body },
    async (state) => asked(state, putting, await ports.records.get('ATTESTATION', id), ports.now()),
    ports,
  );
}

function asked(state: Strategy, putting: Putting, before: Attestation | undefined, now: Date): Decision<StatementPut> {
  const { id, role, says } = putting;
  const statement = statementOf(state, putting, now);
  const step = { strategyId: state.id, runId: statement.id, epoch: state.epoch };
  const document = {
    ...{ action: 'attest', strategy: state.id, role, ...says, epoch: state.epoch },
    ...{ nonce: nonceOf(step, `attestation/${says.item}`), expiresAt: statement.expiresAt },
  };
  const { entries, records = [] } = openApproval(
    state,
    step,
    { kind: 'attestation', document, requiredRoles: [role] },
    now,
  );
  const statements = [statement, ...(before?.statements ?? [])].slice(0, MOST_STATEMENTS);
  return {
    state,
    entries,
    records: [{ kind: 'ATTESTATION', record: { id, statements } }, ...records],
    reply: {
      statement,
      approval: statement.approval,
      summary: `a ${role} signs this statement until ${statement.expiresAt}; until then it says nothing`,
    },
  };
}

function statementOf({ id: strategyId }: Strategy, { about, key, role, askedBy, says }: Putting, now: Date): Statement {
  const at = now.toISOString();
  const named = sha256(key).toString('hex').slice(0, 12);
  const id = RunId.parse(`attest-${about}-${at.slice(0, 10).replaceAll('-', '')}-${named}`);
  return {
    ...{ id, strategyId, role, askedBy, at, ...says },
    expiresAt: new Date(now.getTime() + SIGNED_WITHIN_MS).toISOString(),
    approval: approvalId({ runId: id }, 'attestation'),
  };
}
