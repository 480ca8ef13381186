import * as z from 'zod';
import { LogId } from '../ledger/ledger-entry.ts';
import type { Reading } from './health-item.ts';
import type { HealthPorts, HealthReads } from './health-ports.ts';

const OF_NO_STRATEGY = ['access', 'desk'].map((log) => LogId.parse(log));
const MOST_LOGS = 50;
const NAMED = 5;

/** Kills that wait in the spool, and so are in no ledger yet (architecture section 5). */
export async function measureSpool({ spool }: HealthPorts, { strategies }: HealthReads): Promise<Reading> {
  const all = await strategies();
  const waiting = await Promise.all(
    all.map(async ({ id, spooledKills }) => (await spool.read(id, spooledKills)) && id),
  );
  const ids = waiting.flatMap((id) => id ?? []);
  const detail = ids.length === 0 ? 'empty' : ids.map((id) => `a kill of ${id} waits for the store`).join('; ');
  return { value: ids.length, detail };
}

/** Strategies with entries of kills that the next write takes into their ledgers (architecture section 5). */
export async function measurePending(_: HealthPorts, { strategies }: HealthReads): Promise<Reading> {
  const ids = (await strategies()).filter(({ pendingEntries }) => pendingEntries.length > 0).map(({ id }) => id);
  const detail = ids.length === 0 ? 'nothing pending' : `entries of kills are pending for ${ids.join(', ')}`;
  return { value: ids.length, detail };
}

type Log = {
  readonly log: LogId;
  readonly size: number;
  readonly signed: number;
  /** Empty where it never was. */
  readonly signedAt: string;
};

/** How far every log is written and signed, by lists that may lag by a moment. */
async function logsOf({ records, ledger }: HealthPorts, { strategies }: HealthReads): Promise<Log[]> {
  const checkpoints = new Map((await records.all('CHECKPOINT')).map((each) => [each.id, each]));
  const [all, others] = await Promise.all([
    strategies(),
    Promise.all(
      OF_NO_STRATEGY.map(async (log) => ({ log, page: await ledger.page(log, { limit: 1, order: 'desc' }) })),
    ),
  ]);
  const sizes = [
    ...all.map(({ id, ledgerSize }) => ({ log: LogId.parse(id), size: ledgerSize })),
    ...others.map(({ log, page }) => ({ log, size: page?.size ?? 0 })),
  ];
  return sizes.map(({ log, size }) => {
    const checkpoint = checkpoints.get(log);
    return { log, size, signed: checkpoint?.size ?? 0, signedAt: checkpoint?.at ?? '' };
  });
}

const byAge = (left: Log, right: Log): number => left.signedAt.localeCompare(right.signedAt);

const Written = z.object({ at: z.iso.datetime() });

/** Milliseconds since the oldest entry that no checkpoint covers was written. Looks at the 50 logs that have waited longest. */
export async function measureLag(ports: HealthPorts, reads: HealthReads): Promise<Reading> {
  const behind = (await logsOf(ports, reads)).filter(({ size, signed }) => size > signed);
  const longest = behind.toSorted(byAge).slice(0, MOST_LOGS);
  const ages = await Promise.all(longest.map(({ log, signed }) => ageOfEntry(log, signed, ports)));
  const entries = behind.reduce((sum, { size, signed }) => sum + size - signed, 0);
  const value = Math.max(0, ...ages);
  const detail =
    entries === 0
      ? 'every entry is signed'
      : `${entries} entries of ${behind.length} logs are not signed yet, the oldest for ${Math.round(value / 1000)} s`;
  return { value, detail };
}

async function ageOfEntry(log: LogId, index: number, { ledger, now }: HealthPorts): Promise<number> {
  const page = await ledger.page(log, { from: index, limit: 1, order: 'asc' });
  const { at } = Written.parse(page?.entries[0]?.entry);
  return now().getTime() - Date.parse(at);
}

/** Logs of which a checkpoint covers more than they hold: somebody has taken entries away, or an old table stands where a newer one stood. */
export async function measureCheckpoints(ports: HealthPorts, reads: HealthReads): Promise<Reading> {
  const logs = await logsOf(ports, reads);
  const shorter = await Promise.all(logs.map((each) => isShorter(each, ports)));
  const short = logs.filter((_, index) => shorter[index]).map(({ log }) => log);
  const oldestFirst = logs.filter(({ signedAt }) => signedAt !== '').toSorted(byAge);
  const ages = oldestFirst.slice(0, NAMED).map((each) => ageText(each, ports.now()));
  const more = oldestFirst.length > NAMED ? [`and ${oldestFirst.length - NAMED} newer`] : [];
  const detail =
    short.length > 0
      ? `signed beyond their end: ${short.join(', ')}`
      : `newest of each log: ${[...ages, ...more].join(', ') || 'none yet'}`;
  return { value: short.length, detail };
}

/** Lists may lag by a moment: the log itself decides. */
async function isShorter({ log, size, signed }: Log, { ledger }: HealthPorts): Promise<boolean> {
  if (size >= signed) return false;
  const page = await ledger.page(log, { limit: 1, order: 'desc' });
  return (page?.size ?? 0) < signed;
}

const ageText = ({ log, signed, signedAt }: Log, now: Date): string =>
  `${log} ${Math.round((now.getTime() - Date.parse(signedAt)) / 1000)} s old at ${signed}`;
