import type { Role } from '../approval/approval.ts';
import type { Run } from '../control-record.ts';
import type { Decision } from '../decision.ts';
import type { ActorId, RunId } from '../ids.ts';
import { unrestricted } from '../ladder/restriction-of.ts';
import type { NewEntry } from '../ledger/ledger-entry.ts';
import type { DeviceProof } from '../signature/device-proof.ts';
import type { ServiceProof } from '../signature/service-proof.ts';
import type { Latch, Strategy } from '../strategy.ts';

export type Kill = {
  actor: ActorId;
  roles: readonly Role[];
  reason: string;
  runId: RunId;
  expiredForMs?: number | undefined;
  /** How far in the future its token was issued, by our clock. */
  aheadMs?: number | undefined;
  /** What shows that a device, or a service by itself, asked for it, where one did. */
  proof?: DeviceProof | ServiceProof | undefined;
  /** What its engines were told before, without us. */
  direct?: Readonly<Record<string, unknown>> | undefined;
  now: Date;
};

/**
 * Runbook 5.1.1: stops trading at once, from any mode. It cannot be refused; a repeated kill fences again, so no earlier
 * recovery can lift it. The launch or stop under way keeps its lock until its own machine lets go.
 */
export function kill(state: Strategy, command: Kill): Decision<{ epoch: number }> {
  const epoch = state.epoch + 1;
  return {
    state: {
      ...unrestricted(state),
      mode: 'KILLED',
      epoch,
      latch: state.latch ?? latchOf(command),
      maxOrdersPerSec: 0,
    },
    entries: [killEntry(command, state.latch ? 'kill.reaffirmed' : 'kill.requested')],
    records: [{ kind: 'RUN', record: runOf(state, command, epoch) }],
    reply: { epoch },
  };
}

const runOf = ({ id, latch }: Strategy, { runId, actor, reason, now }: Kill, epoch: number): Run => ({
  id: runId,
  machine: 'kill',
  strategyId: id,
  epoch,
  status: 'RUNNING',
  requestedBy: actor,
  startedAt: now.toISOString(),
  request: { reason, reaffirms: latch && latch.runId !== runId ? latch.runId : null },
  summary: `kill of ${id}: ${reason}`,
});

/** The latch as the first kill sets it. */
export const latchOf = ({ actor, roles, reason, runId, proof, now }: Kill): Latch => ({
  runId,
  initiatedBy: actor,
  initiatorRoles: [...roles],
  ...(proof?.method === 'device-key' && { initiatorProof: proof.method }),
  reason,
  at: now.toISOString(),
});

/** The entry of a kill, used alike by the transaction and by the unconditional fallback. */
export const killEntry = (
  { actor, reason, runId, expiredForMs, aheadMs, proof, direct, now }: Kill,
  type: 'kill.requested' | 'kill.reaffirmed',
): NewEntry => ({
  type,
  actor,
  run: runId,
  payload: {
    reason,
    decidedAt: now.toISOString(),
    ...(expiredForMs !== undefined && { tokenExpiredForMs: expiredForMs }),
    ...(aheadMs !== undefined && { tokenAheadMs: aheadMs }),
    ...(direct && { direct }),
  },
  ...(proof && { proofs: [proof] }),
});
