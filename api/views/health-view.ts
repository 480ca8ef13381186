import type { Strategy } from '../../domain/strategy.ts';
import type { QueryPorts } from '../query-ports.ts';
import { isSending, type MessagesHealth, messagesHealth, messagesWords } from './messages-health.ts';

type Check = { check: string; status: 'ok' | 'degraded'; detail: string };

const TICK_LATE_MS = 150_000; // the schedule is one minute, at one minute's precision

type HealthView = Pick<MessagesHealth, 'alertBudget'> & { status: Check['status']; checks: Check[] };

/** The control plane's own health, in plain words, and how fast people were told. */
export async function healthView(ports: QueryPorts): Promise<HealthView> {
  const [tick, strategies, messages] = await Promise.all([
    ports.records.get('TICK', 'health'),
    ports.strategies.list(),
    messagesHealth(ports),
  ]);
  const age = tick ? ports.now().getTime() - Date.parse(tick.at) : undefined;
  const pending = strategies.filter(({ pendingEntries }) => pendingEntries.length > 0).map(({ id }) => id);
  const waiting = await spooled(strategies, ports);
  const checks = [
    judged(
      'health tick',
      age !== undefined && age < TICK_LATE_MS,
      age === undefined ? 'has not run yet' : `ran ${Math.round(age / 1000)} s ago`,
    ),
    judged(
      'ledger',
      pending.length === 0,
      pending.length === 0 ? 'nothing pending' : `entries of kills are pending for ${pending.join(', ')}`,
    ),
    judged(
      'kill spool',
      waiting.length === 0,
      waiting.length === 0 ? 'empty' : waiting.map((id) => `a kill of ${id} waits for the store`).join('; '),
    ),
    judged('messages', isSending(messages) && messages.failed.length === 0, messagesWords(messages)),
    judged('store', true, `${strategies.length} strategies readable`),
  ];
  const status = checks.every((each) => each.status === 'ok') ? 'ok' : 'degraded';
  return { status, checks, alertBudget: messages.alertBudget };
}

/** The strategies of which a kill waits to be taken into the ledger. */
async function spooled(strategies: readonly Strategy[], { spool }: QueryPorts): Promise<string[]> {
  const kills = await Promise.all(strategies.map(({ id, spooledKills }) => spool.read(id, spooledKills)));
  return strategies.filter((_, index) => kills[index]).map(({ id }) => id);
}

const judged = (check: string, ok: boolean, detail: string): Check => ({
  check,
  status: ok ? 'ok' : 'degraded',
  detail,
});
