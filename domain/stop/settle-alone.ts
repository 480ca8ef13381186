import { type Changed, change, readStrategy, replyAgain } from '../change.ts';
import { announce } from '../communications/announce.ts';
import type { ControlRecord } from '../control-record.ts';
import { type ActorId, RunId, type StrategyId } from '../ids.ts';
import { digestOf } from '../ledger/digest.ts';
import { isLive } from '../mode.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { flushAndAsk } from '../settle/flush-and-ask.ts';
import { refuseResting } from '../settle/refuse-resting.ts';
import { settleBooks } from '../settle/settle-books.ts';
import { type Settlement, settlementSummary } from '../settle/settlement.ts';
import { settlementEntry } from '../settle/settlement-entry.ts';
import type { Strategy } from '../strategy.ts';

const ONE_TRY = 1; // a person waits, and may ask again

export type SettleAlone = { strategyId: StrategyId; actor: ActorId; key: string };
export type SettledAlone = { settlement: Settlement; summary: string };

/**
 * Runbook 4.4 on its own (`tradepulse-cli settle`): flushes what is left of a strategy that no longer trades, and compares its books with its
 * venues. The same key gives the same reply; books that are as they were at this epoch are settled already, and nothing is recorded twice.
 * Refuses while it may trade (StrategyNotOff), and while orders rest that nobody signed for (OrdersResting, with each of them).
 */
export async function settleAlone(
  { strategyId, actor, key }: SettleAlone,
  ports: Pick<Ports, 'strategies' | 'records' | 'engines' | 'venues' | 'now' | 'jitter'>,
): Promise<Changed<SettledAlone>> {
  const body = { settle: strategyId };
  const earlier = await ports.records.get('COMMAND', key);
  if (earlier) return replyAgain(earlier, digestOf(body), key);
  const state = await readStrategy(strategyId, ports);
  refuseTrading(state);
  await refuseResting(strategyId, ports);
  const accounts = await flushAndAsk({ strategyId, epoch: state.epoch, commandId: key }, ports, ONE_TRY);
  const settlement = settleBooks(accounts, { strategy: strategyId, at: ports.now().toISOString() });
  const { compared, silent, verdict } = settlement; // not prices, which never stand still
  const own = digestOf({ epoch: state.epoch, compared, silent, verdict });
  const stateKey = `settle/${strategyId}/${own}`;
  const reply = { settlement, summary: `${strategyId}: ${settlementSummary(settlement)}` };
  const changed = await change(
    strategyId,
    { key: stateKey, body: own },
    (now) => ({
      state: now,
      entries: [settlementEntry(settlement, { actor })],
      records: differencesTold(settlement, strategyId, own, ports.now()),
      reply,
    }),
    ports,
  );
  await ports.records.put(keyed(key, body, changed, ports.now()));
  return changed;
}

function refuseTrading({ id, mode }: Strategy): void {
  if (isLive(mode) || mode === 'LAUNCHING')
    throw new Refusal('StrategyNotOff', `${id} is ${mode}`, 'stop it: a stop settles by itself', { mode });
}

/** The caller's own key, kept beside the key of the books: whichever is asked for again, the reply is this one. */
const keyed = (id: string, body: unknown, { reply, receipt }: Changed<SettledAlone>, now: Date): ControlRecord => ({
  kind: 'COMMAND',
  record: { id, bodyDigest: digestOf(body), reply, at: now.toISOString(), receipt },
});

function differencesTold(settlement: Settlement, strategyId: StrategyId, digest: string, now: Date): ControlRecord[] {
  if (settlement.verdict === 'agrees') return [];
  const date = now.toISOString().slice(0, 10).replaceAll('-', '');
  const runId = RunId.parse(`settle-${strategyId}-${date}-${digest.slice('sha256:'.length, 'sha256:'.length + 12)}`);
  return announce('settle-differences', { strategyId, runId, reason: settlementSummary(settlement) }, now);
}
