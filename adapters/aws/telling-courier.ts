import type { ControlRecord } from '../../domain/control-record.ts';
import { withDeadline } from '../../domain/kill/with-deadline.ts';
import type { EventBus } from '../../domain/ports/event-bus.ts';
import type { ControlRecords, Ledger, LogDecision, Strategies } from '../../domain/ports/strategies.ts';
import { log } from './log.ts';

/** Tells the courier which messages have just been committed. Never throws, and ends within a second. */
export type TellCourier = (records?: readonly ControlRecord[]) => Promise<void>;

const PATIENCE_MS = 1_000;
const IDS_AT_ONCE = 100; // what the courier takes of one event

/** By an event of the bus. What does not get through is found by the sweep of the next minute: nothing is lost, it is late. */
export const courierOnBus =
  (bus: EventBus): TellCourier =>
  async (records = []) => {
    const ids = records.flatMap((each) =>
      each.kind === 'MESSAGE' && each.record.settledAt === undefined ? [each.record.id] : [],
    );
    if (ids.length === 0) return;
    const told = bus.publish('messages.waiting', { ids: ids.slice(0, IDS_AT_ONCE) });
    await withDeadline(told, PATIENCE_MS).catch((error: unknown) =>
      log({
        outcome: 'fault',
        message: 'the courier was not told; the sweep finds the messages',
        error: String(error),
      }),
    );
  };

/** Strategies whose commits tell the courier of the messages in them. */
export const tellingStrategies = (strategies: Strategies, tell: TellCourier): Strategies => ({
  read: (id) => strategies.read(id),
  list: () => strategies.list(),
  latchUnconditionally: (id, latch, entry, at) => strategies.latchUnconditionally(id, latch, entry, at),
  async commit(before, decision, at) {
    const receipts = await strategies.commit(before, decision, at);
    if (receipts) await tell(decision.records);
    return receipts;
  },
});

/** Records of which messages, written by themselves, are told to the courier. */
export const tellingRecords = (records: ControlRecords, tell: TellCourier): ControlRecords => ({
  get: (kind, id) => records.get(kind, id),
  list: (kind, options) => records.list(kind, options),
  all: (kind) => records.all(kind),
  replace: (record) => records.replace(record),
  latchScope: (latch) => records.latchScope(latch),
  async put(record) {
    await records.put(record);
    await tell([record]);
  },
});

/** Logs whose commits tell the courier of the messages in them. */
export const tellingLedger = (ledger: Ledger, tell: TellCourier): Ledger => ({
  page: (log, options) => ledger.page(log, options),
  append: (log, entries, at) => ledger.append(log, entries, at),
  async commitTo<Reply>(log: Parameters<Ledger['commitTo']>[0], decide: () => Promise<LogDecision<Reply>>, at: Date) {
    let decided: LogDecision<Reply> | undefined;
    const committed = await ledger.commitTo(
      log,
      async () => {
        decided = await decide();
        return decided;
      },
      at,
    );
    if (committed.receipt) await tell(decided?.records);
    return committed;
  },
});
