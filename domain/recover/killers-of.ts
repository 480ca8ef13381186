import type { ActorId } from '../ids.ts';
import { LedgerEntry, LogId } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import type { Latch, Strategy } from '../strategy.ts';

const AT_ONCE = 200;
const KILLS: ReadonlySet<string> = new Set(['kill.requested', 'kill.reaffirmed', 'kill.direct']);

type KillersPorts = { readonly ledger: Pick<Ports['ledger'], 'page'>; readonly records: Pick<Ports['records'], 'get'> };

/**
 * Everybody who killed under this latch or reaffirmed it, and the owners of the devices that did: none of them recovers. Read
 * backwards to the kill that latched, with the kills whose entries still wait for the ledger.
 */
export async function killersOf(
  { id, pendingEntries }: Strategy,
  latch: Latch,
  ports: KillersPorts,
): Promise<ActorId[]> {
  const waiting = pendingEntries.filter(({ type }) => KILLS.has(type)).map(({ actor }) => actor);
  const recorded = await actorsSince(LogId.parse(id), latch, ports);
  const actors = [...new Set([latch.initiatedBy, ...waiting, ...recorded])];
  const owners = await Promise.all(actors.map((actor) => ownersOf(actor, ports)));
  return [...new Set([...actors, ...owners.flat()])].toSorted();
}

async function actorsSince(log: LogId, latch: Latch, { ledger }: KillersPorts): Promise<ActorId[]> {
  const kills: LedgerEntry[] = [];
  let from: number | undefined;
  do {
    const page = await ledger.page(log, { from, limit: AT_ONCE, order: 'desc' });
    const entries = (page?.entries ?? []).map(({ entry }) => LedgerEntry.parse(entry));
    kills.push(...entries.filter(({ type }) => KILLS.has(type)));
    from = page?.next;
  } while (from !== undefined && !kills.some((each) => isFirst(each, latch)));
  const first = kills.findIndex((each) => isFirst(each, latch));
  return kills.slice(0, first === -1 ? undefined : first + 1).map(({ actor }) => actor);
}

const isFirst = ({ type, run }: LedgerEntry, latch: Latch): boolean => type === 'kill.requested' && run === latch.runId;

/** A device acts for whoever owns it; a button on a wall belongs to whoever enrolled it. */
export async function ownersOf(actor: ActorId, { records }: Pick<KillersPorts, 'records'>): Promise<ActorId[]> {
  if (!actor.startsWith('device:')) return [];
  const device = await records.get('CREDENTIAL', actor);
  return device ? [device.subject ?? device.enrolledBy] : [];
}
