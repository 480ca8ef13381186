import * as z from 'zod';
import type { Approval } from '../approval/approval.ts';
import type { Caller } from '../approval/caller.ts';
import { approvalId, openApproval, type Question } from '../approval/open-approval.ts';
import { verifyApproval } from '../approval/verify-approval.ts';
import { change, readStrategy } from '../change.ts';
import { type ApprovalId, RunId } from '../ids.ts';
import { nonceOf } from '../launch/launch-plan.ts';
import { LogId, type Receipt } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Registration } from '../registration.ts';
import type { RunStep } from '../run-step.ts';
import { covers, type Freeze, isStanding } from './freeze.ts';
import { howToLift } from './how-to-lift.ts';

export const LiftRequest = z.strictObject({ reason: z.string().trim().min(1).max(500) });
export type LiftRequest = z.infer<typeof LiftRequest>;

export type LiftFreeze = {
  readonly caller: Caller;
  readonly id: string;
  readonly key: string;
  readonly request: LiftRequest;
};
export type FreezeLifted = {
  readonly freeze: string;
  /** `asked`: two people sign first, then ask for the same again. */
  readonly status: 'asked' | 'lifted';
  readonly approval: ApprovalId;
  readonly summary: string;
  readonly receipt?: Receipt | undefined;
};

export type LiftPorts = Pick<Ports, 'strategies' | 'records' | 'ledger' | 'demoAuthenticators' | 'now' | 'jitter'>;

type Asking = { readonly freeze: Freeze; readonly members: readonly Registration[]; readonly step: RunStep };

const DESK = LogId.parse('desk');
const MOST_REGISTERED = 1_000;
const SIGNED_WITHIN_MS = 30 * 60_000;

/**
 * Ends a freeze that somebody has set, once a risk officer and an SRE have signed: the first request asks, the one after the signatures lifts.
 * The question stands in the log of the first strategy that the freeze covers. Refuses a freeze that nobody knows (NotFound), one that is
 * over (AlreadyDecided), and one of a kill, which only its recovery lifts (StrategyKilled).
 */
export async function liftFreeze(command: LiftFreeze, ports: LiftPorts): Promise<FreezeLifted> {
  const asking = await whatToAsk(command.id, ports);
  const state = await readStrategy(asking.step.strategyId, ports);
  const id = approvalId(asking.step, 'unfreeze');
  const stands = await ports.records.get('APPROVAL', id);
  const current = stands?.epoch === state.epoch && ports.now().toISOString() < stands.expiresAt;
  if (stands && current && stands.status === 'open') return asked(asking, id);
  if (!stands || !current || stands.status !== 'complete') return ask(asking, command, id, ports);
  const signed = verifyApproval(stands, state, ports.now(), ports.demoAuthenticators);
  if (signed instanceof Refusal) throw signed;
  if (signed.document['freeze'] !== command.id)
    throw new Refusal('DigestMismatch', `${id} was signed about another freeze`, 'call the auditor', { approval: id });
  return lift(asking.freeze, signed, command.caller, ports);
}

async function whatToAsk(id: string, ports: LiftPorts): Promise<Asking> {
  const freeze = requireLiftable(await ports.records.get('FREEZE', id), id, ports.now());
  if (freeze instanceof Refusal) throw freeze;
  const registry = await ports.records.list('REGISTRATION', { limit: MOST_REGISTERED });
  const members = registry
    .filter((each) => covers(freeze, each))
    .toSorted((left, right) => left.id.localeCompare(right.id));
  const [first] = members;
  if (!first)
    throw new Refusal(
      'UnknownScope',
      `${freeze.scope} covers no strategy`,
      'register one first: its log holds the signatures',
    );
  const { epoch } = await readStrategy(first.id, ports);
  return { freeze, members, step: { strategyId: first.id, runId: RunId.parse(freeze.id), epoch } };
}

function requireLiftable(freeze: Freeze | undefined, id: string, now: Date): Freeze | Refusal {
  if (!freeze)
    return new Refusal('NotFound', `there is no freeze ${id.slice(0, 100)}`, 'look at: tradepulse-cli freezes');
  if (!isStanding(freeze, now))
    return new Refusal('AlreadyDecided', `${id} is over since ${freeze.liftedAt ?? freeze.until}`, 'launch again');
  if (freeze.source === 'kill')
    return new Refusal('StrategyKilled', `${id} came with a kill: no signature lifts it`, howToLift(freeze));
  return freeze;
}

const asked = ({ freeze }: Asking, approval: ApprovalId): FreezeLifted => ({
  ...{ freeze: freeze.id, status: 'asked', approval },
  summary: `a risk officer and an SRE sign that ${freeze.scope} may be launched again; then ask for it again`,
});

async function ask(
  asking: Asking,
  { key, request }: LiftFreeze,
  id: ApprovalId,
  ports: LiftPorts,
): Promise<FreezeLifted> {
  const now = ports.now();
  const { receipt } = await change(
    asking.step.strategyId,
    { key, body: { freeze: asking.freeze.id, ...request } },
    (state) => {
      const step = { ...asking.step, epoch: state.epoch };
      return openApproval(state, step, questionOf({ ...asking, step }, request, now), now);
    },
    ports,
  );
  return { ...asked(asking, id), receipt };
}

function questionOf({ freeze, members, step }: Asking, { reason }: LiftRequest, now: Date): Question {
  const { id, scope, source, since, by } = freeze;
  return {
    kind: 'unfreeze',
    document: {
      ...{
        action: 'lift freeze',
        freeze: id,
        scope,
        source,
        since,
        frozenBy: by,
        frozenBecause: freeze.reason,
        reason,
      },
      ...{ strategy: step.strategyId, strategies: members.map((each) => each.id), epoch: step.epoch },
      nonce: nonceOf(step, `unfreeze/${id}/${now.toISOString()}`),
      expiresAt: new Date(now.getTime() + SIGNED_WITHIN_MS).toISOString(),
    },
    requiredRoles: ['risk-officer', 'sre'],
  };
}

/** Entry and freeze are one write; whoever lifts it twice lifts it once. */
async function lift(
  { id, scope }: Freeze,
  { id: approval, digest, document }: Approval,
  { subject }: Caller,
  ports: LiftPorts,
): Promise<FreezeLifted> {
  const now = ports.now();
  const decide = async () => {
    const freeze = requireLiftable(await ports.records.get('FREEZE', id), id, now);
    if (freeze instanceof Refusal) throw freeze;
    const payload = { freeze: id, scope, reason: document['reason'], approval, digest };
    return {
      entries: [{ type: 'freeze.lifted', actor: subject, payload }],
      records: [{ kind: 'FREEZE' as const, record: { ...freeze, liftedAt: now.toISOString(), liftedBy: approval } }],
      reply: null,
    };
  };
  const { receipt } = await ports.ledger.commitTo(DESK, decide, now);
  return {
    freeze: id,
    status: 'lifted',
    approval,
    summary: `${id} is lifted: ${scope} may be launched again`,
    receipt,
  };
}
