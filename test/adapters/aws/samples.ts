import { Alert } from '../../../domain/alert/alert.ts';
import type { Message } from '../../../domain/communications/message.ts';
import type { ControlRecord } from '../../../domain/control-record.ts';
import type { Decision } from '../../../domain/decision.ts';
import { ActorId, RunId, StrategyId } from '../../../domain/ids.ts';
import { Scope, type ScopeLatch } from '../../../domain/kill/scope-latch.ts';
import type { NewEntry } from '../../../domain/ledger/ledger-entry.ts';
import { type Latch, newStrategy, type Strategy } from '../../../domain/strategy.ts';

export const AT = new Date('2026-11-24T12:00:00.000Z');
export const actor = ActorId.parse('sub-1');
const RUN = RunId.parse('kill-btc-momentum-20261124-0123456789ab');

let strategies = 0;

/** A strategy that no test has written yet, so that tests may share a store. */
export function aStrategy(): Strategy {
  strategies += 1;
  return newStrategy(StrategyId.parse(`strategy-${strategies}`));
}

export const entry = (type: string, payload: Record<string, unknown> = {}): NewEntry => ({ type, actor, payload });
export const decided = (state: Strategy, entries: NewEntry[], records: ControlRecord[] = []): Decision => ({
  state,
  entries,
  records,
  reply: 'done',
});
export const command = (id: string): ControlRecord => ({
  kind: 'COMMAND',
  record: { id, bodyDigest: 'sha256:0', reply: { ok: true }, at: AT.toISOString() },
});
/** A trouble of one strategy that somebody is told about. */
export const alert = (subject: string, more: Partial<Alert> = {}) => {
  const at = '2026-11-24T12:00:00.000Z';
  const record = Alert.parse({
    ...{ id: `s/clock/${subject}`, strategyId: 's', rule: 'clock', subject, level: 'page', detail: 'it is off' },
    ...{ since: at, detectedAt: at, openedAt: at, lastAt: at, reached: { since: at, at }, count: 1, relapses: 0 },
    ...{ version: 1, ...more },
  });
  return { kind: 'ALERT' as const, record };
};

export const freeze = (id: string, since = AT.toISOString()): ControlRecord => ({
  kind: 'FREEZE',
  record: { id, scope: 'all', source: 'kill', reason: 'loss', runId: RUN, by: actor, since },
});
export const scopeLatch = (id: string, by: string): ScopeLatch => ({
  id: Scope.parse(id),
  command: by,
  initiatedBy: actor,
  initiatorRoles: ['risk-officer'],
  reason: `loss, says ${by}`,
  at: AT.toISOString(),
});
export const message = (id: string, changes: Partial<Message> = {}) => ({
  kind: 'MESSAGE' as const,
  record: {
    ...{ id, trigger: 'planned-halt' as const, facts: { strategy: 'btc-momentum' } },
    ...{ at: AT.toISOString(), detectedAt: AT.toISOString(), version: 1 },
    ...changes,
  },
});
export const run = (id: string, startedAt: string, status: 'RUNNING' | 'FAILED' = 'RUNNING') => ({
  kind: 'RUN' as const,
  record: {
    id: RunId.parse(id),
    machine: 'launch' as const,
    strategyId: StrategyId.parse('btc-momentum'),
    epoch: 1,
    status,
    requestedBy: actor,
    startedAt,
    request: { environment: 'prod' },
    summary: 'a launch',
  },
});
export const latch = (reason: string): Latch => ({
  runId: RUN,
  initiatedBy: actor,
  initiatorRoles: ['execution-trader'],
  reason,
  at: AT.toISOString(),
});
