import type { Approval } from '../approval/approval.ts';
import type { Caller } from '../approval/caller.ts';
import { approvalId, openApproval, type Question } from '../approval/open-approval.ts';
import { verifyApproval } from '../approval/verify-approval.ts';
import { change } from '../change.ts';
import { sha256 } from '../crypto/sha256.ts';
import { type ActorId, type ApprovalId, RunId } from '../ids.ts';
import { requireDrained } from '../kill/drain-spool.ts';
import { scopeIn } from '../kill/scope-in.ts';
import { type Scope, type ScopeLatch, scopesOf } from '../kill/scope-latch.ts';
import { nonceOf } from '../launch/launch-plan.ts';
import { LogId, type Receipt } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Registration } from '../registration.ts';
import type { RunStep } from '../run-step.ts';
import { scopeKillersOf } from './scope-killers-of.ts';
import type { ScopeRecoveryRequest } from './scope-recovery-request.ts';

export type RecoverScope = { caller: Caller; request: ScopeRecoveryRequest; key: string };
export type ScopeRecovered = {
  scope: Scope;
  /** `asked`: two people sign first, then ask for the same again. */
  status: 'asked' | 'lifted';
  approval: ApprovalId;
  summary: string;
  receipt?: Receipt | undefined;
};

export type RecoverScopePorts = Pick<
  Ports,
  'strategies' | 'records' | 'spool' | 'ledger' | 'demoAuthenticators' | 'now' | 'jitter'
>;

type Asking = { latch: ScopeLatch; members: readonly Registration[]; step: RunStep };
const DESK = LogId.parse('desk');
const MOST_REGISTERED = 1_000;

/**
 * Lifts the latch of a killed scope once an execution trader and a risk officer have signed, neither of whom killed the scope or
 * repeated that; the strategies below it stay killed, and each recovers by itself. The first request asks, the one after the
 * signatures lifts. The question stands in the log of the first strategy the scope covers, at its epoch: a later kill of the scope raises
 * that epoch and the latch's version, and lifts nothing.
 */
export async function recoverScope(
  { caller, request, key }: RecoverScope,
  ports: RecoverScopePorts,
): Promise<ScopeRecovered> {
  const asking = await whatToAsk(request, ports);
  const state = await requireDrained(asking.step.strategyId, ports);
  const id = approvalId(asking.step, 'recovery');
  const approval = await ports.records.get('APPROVAL', id);
  const stands = approval?.strategyId === state.id && approval.epoch === state.epoch ? approval : undefined;
  const inTime = stands !== undefined && ports.now().toISOString() < stands.expiresAt;
  if (stands?.status === 'open' && inTime) return asked(asking, id);
  if (stands?.status !== 'complete' || !inTime) return ask(asking, { id, key }, ports);
  const signed = verifyApproval(stands, state, ports.now(), ports.demoAuthenticators);
  if (signed instanceof Refusal) throw signed;
  return lift(asking.latch, signed, caller.subject, ports);
}

async function whatToAsk({ scope: named }: ScopeRecoveryRequest, ports: RecoverScopePorts): Promise<Asking> {
  const registry = await ports.records.list('REGISTRATION', { limit: MOST_REGISTERED });
  const scope = scopeIn(named, registry);
  const latch = await ports.records.get('LATCH', scope);
  if (!latch || latch.liftedAt !== undefined)
    throw new Refusal('StrategyNotKilled', `${scope} is not killed`, 'recover what is killed: look at the strategies');
  const members = registry
    .filter((each) => scopesOf(each).includes(scope))
    .toSorted((left, right) => left.id.localeCompare(right.id));
  const [first] = members;
  if (!first)
    throw new Refusal(
      'UnknownScope',
      `${scope} covers no strategy`,
      'register one first: its log holds the signatures',
    );
  const { epoch } = await requireDrained(first.id, ports);
  return { latch, members, step: { strategyId: first.id, runId: runOf(latch), epoch } };
}

/** Under one name for one latch, so that there is one question; another kill of the scope is another version. */
const runOf = ({ command, at, version = 1 }: ScopeLatch): RunId =>
  RunId.parse(`recover-scope-${sha256(`${command}/${at}/${version}`).toString('hex').slice(0, 12)}`);

const asked = ({ latch }: Asking, approval: ApprovalId): ScopeRecovered => ({
  ...{ scope: latch.id, status: 'asked', approval },
  summary: `two people sign the recovery of ${latch.id}; then ask for it again`,
});

async function ask(asking: Asking, { id, key }: { id: ApprovalId; key: string }, ports: RecoverScopePorts) {
  const now = ports.now();
  const excluded = await scopeKillersOf(asking.latch, ports);
  const command = { key, body: { scope: asking.latch.id, approval: id } };
  const { receipt } = await change(
    asking.step.strategyId,
    command,
    (state) =>
      openApproval(state, { ...asking.step, epoch: state.epoch }, questionOf(asking, state.epoch, excluded, now), now),
    ports,
  );
  return { ...asked(asking, id), receipt };
}

const SIGNED_WITHIN_MS = 30 * 60_000;

function questionOf({ latch, members, step }: Asking, epoch: number, excluded: ActorId[], now: Date): Question {
  const { id: scope, reason, initiatedBy, at, version = 1 } = latch;
  return {
    kind: 'recovery',
    document: {
      ...{ action: 'recover scope', scope, strategy: step.strategyId, run: step.runId },
      ...{ killedBy: initiatedBy, killedAt: at, reason, version, strategies: members.map(({ id }) => id) },
      ...{ epoch, nonce: nonceOf({ ...step, epoch }, `recover-scope/${now.toISOString()}`) },
      expiresAt: new Date(now.getTime() + SIGNED_WITHIN_MS).toISOString(),
    },
    requiredRoles: ['execution-trader', 'risk-officer'],
    excluded,
  };
}

/** Entry and latch are one write; whoever kills the scope meanwhile has raised its version, and nothing is lifted. */
async function lift(
  latch: ScopeLatch,
  { id: approval, digest, signatures }: Approval,
  actor: ActorId,
  ports: RecoverScopePorts,
): Promise<ScopeRecovered> {
  const { id: scope, version = 1 } = latch;
  const killers = await scopeKillersOf(latch, ports);
  if (signatures.some((each) => killers.includes(each.actor)))
    throw new Refusal('SamePerson', `somebody who killed ${scope} signed its recovery`, 'ask others to sign', {
      killers,
    });
  const now = ports.now();
  const decide = async () => {
    const stands = await ports.records.get('LATCH', scope);
    if (
      !stands ||
      stands.version !== latch.version ||
      stands.command !== latch.command ||
      stands.liftedAt !== undefined
    )
      throw new Refusal(
        'StaleEpoch',
        `${scope} was killed again, or is lifted already`,
        'look at it, then recover it anew',
      );
    return {
      entries: [{ type: 'recovery.scope-lifted', actor, payload: { scope, killedAt: latch.at, approval, digest } }],
      records: [{ kind: 'LATCH' as const, record: { ...stands, version: version + 1, liftedAt: now.toISOString() } }],
      reply: null,
    };
  };
  const { receipt } = await ports.ledger.commitTo(DESK, decide, now);
  const summary = `${scope} is not killed any more; its strategies stay killed, and each recovers by itself`;
  return { scope, status: 'lifted', approval, summary, receipt };
}
