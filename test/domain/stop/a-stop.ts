import assert from 'node:assert/strict';
import type { Caller } from '../../../domain/approval/caller.ts';
import { decideApproval } from '../../../domain/approval/decide-approval.ts';
import { approvalId } from '../../../domain/approval/open-approval.ts';
import type { OpenOrder } from '../../../domain/engine/open-order.ts';
import { RunId } from '../../../domain/ids.ts';
import { LedgerEntry } from '../../../domain/ledger/ledger-entry.ts';
import type { Registration } from '../../../domain/registration.ts';
import { requestStop } from '../../../domain/stop/request-stop.ts';
import type { StopStep } from '../../../domain/stop/stop-step.ts';
import { signedAnswer } from '../../fakes/passkeys.ts';
import { REGISTRATION, RUN, START, STRATEGY, stateOf, trader, type World, world } from '../../fakes/world.ts';

export const STOP = RunId.parse('stop-btc-momentum-20261124-0123456789ab');
/** What a kill leaves on it. */
export const LATCH = {
  ...{ runId: RUN, initiatedBy: trader.subject, initiatorRoles: [] },
  ...{ reason: 'loss', at: START.toISOString() },
};
export type Stopping = World & { readonly step: StopStep };

/** A live strategy whose stop the trader has asked for, under a policy. */
export async function stopping(policy: Partial<Registration['policy']> = {}, made: World = world()): Promise<Stopping> {
  const record = { ...REGISTRATION, policy: { ...REGISTRATION.policy, ...policy } };
  made.store.records.set(`REGISTRATION#${STRATEGY}`, { kind: 'REGISTRATION', record });
  const live = { ...stateOf(made), mode: 'ACTIVE' as const, epoch: 4, run: { id: RUN, ticket: 'TP-1' } };
  made.store.strategies.set(STRATEGY, live);
  const now = made.clock.now;
  const decision = requestStop(live, { caller: trader, runId: STOP, request: {}, under: undefined, now });
  await made.store.commit(live, decision, now);
  return { ...made, step: { strategyId: STRATEGY, runId: STOP, epoch: 5 } };
}

/** An order that rests; good till cancelled unless it is said to be of the day. */
export const order = (orderId: string, changes: Partial<OpenOrder> = {}): OpenOrder => ({
  ...{ orderId, venue: 'XSIM', instrument: 'BTC-PERP', side: 'buy', quantity: 2, price: 100 },
  ...{ submittedAt: '2026-11-24T11:00:00.000Z', timeInForce: 'gtc', ...changes },
});

/** The question whether orders may stay. */
export const question = ({ store }: World) => store.get('APPROVAL', approvalId({ runId: STOP }, 'drain-sign-off'));

/** A person answers it. */
export async function answers(made: World, caller: Caller, decision: 'approve' | 'decline' = 'approve') {
  const asked = await question(made);
  assert.ok(asked);
  const answer =
    decision === 'approve' ? signedAnswer(made, caller, asked) : { caller, decision, digest: asked.digest };
  return decideApproval(asked.id, answer, `${caller.subject}/${decision}`, made.ports);
}

export const entriesOf = ({ store }: World): LedgerEntry[] =>
  (store.logs.get(STRATEGY) ?? []).map(({ text }) => LedgerEntry.parse(JSON.parse(text)));

export const payloadOf = (made: World, type: string) => entriesOf(made).find((entry) => entry.type === type)?.payload;
