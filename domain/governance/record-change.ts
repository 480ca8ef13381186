import * as z from 'zod';
import { change } from '../change.ts';
import { ActorId, type StrategyId } from '../ids.ts';
import { DsseEnvelope } from '../launch/dsse.ts';
import { digestOfBytes } from '../ledger/digest.ts';
import type { Ports } from '../ports/ports.ts';
import type { Refusals } from '../ports/refusals.ts';
import { Refusal } from '../refusal.ts';
import type { ChangeRecord } from './change-record.ts';
import type { GovernanceKey } from './governance-key.ts';
import { STRATEGY_CHANGES, type StrategyChange } from './strategy-change.ts';
import { verifyChange } from './verify-change.ts';

/** What EventBridge delivers; who put it there is not known, so nothing in it is believed before its signature is. */
export const ChangeEvent = z.object({ id: z.string().max(200).optional(), detail: z.unknown() });
export type ChangeEvent = z.infer<typeof ChangeEvent>;

export type RecordChangePorts = Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'> & {
  readonly refusals: Pick<Refusals, 'count'>;
  readonly governance: Pick<GovernanceKey, 'publicKey'>;
  /** Counts one for the alarm that somebody puts forged changes on the bus. */
  readonly alarm: (what: string, facts: Record<string, unknown>) => void;
};

const SERVICE = ActorId.parse('service:governance');

/**
 * Runbook 2, Go/No-Go: takes a change off the bus, verifies it, and records it in the strategy's log, once however often it is
 * delivered. A forged one raises an alarm and is counted in the `access` log; trying again would not mend it, so it is no failure.
 */
export async function recordChange(
  { id, detail }: ChangeEvent,
  ports: RecordChangePorts,
): Promise<{ summary: string }> {
  const verified = verifyChange(detail, await ports.governance.publicKey());
  if (verified instanceof Refusal) return refuse(verified, id, ports);
  const envelope = DsseEnvelope.parse(detail);
  const digest = digestOfBytes(Buffer.from(envelope.payload, 'base64'));
  const at = ports.now().toISOString();
  const record = { id: verified.run, strategyId: verified.strategy, envelope, digest, recordedAt: at };
  const strategyId: StrategyId = verified.strategy;
  const key = { key: `${verified.run}/RecordStrategyChange`, body: verified };
  const { repeated } = await change(strategyId, key, (state) => ({ state, ...recorded(verified, record) }), ports);
  return { summary: `${repeated ? 'known already' : 'recorded'}: ${verified.planDigest} of ${verified.run}` };
}

const recorded = (change: StrategyChange, record: ChangeRecord) => ({
  entries: [
    {
      type: 'governance.strategy-change.recorded',
      actor: SERVICE,
      run: change.run,
      payload: { change, digest: record.digest, envelope: record.envelope },
    },
  ],
  records: [{ kind: 'CHANGE' as const, record }],
  reply: { digest: record.digest },
});

async function refuse(refusal: Refusal, event: string | undefined, { refusals, alarm, now }: RecordChangePorts) {
  const { code, message } = refusal;
  await refusals.count({ actor: SERVICE, code, method: 'EVENT', path: STRATEGY_CHANGES, roles: [], at: now() });
  alarm(message, { event: event ?? 'without an id' });
  return { summary: `refused: ${message}` };
}
