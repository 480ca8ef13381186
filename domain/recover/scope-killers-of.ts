import * as z from 'zod';
import type { ActorId } from '../ids.ts';
import type { ScopeLatch } from '../kill/scope-latch.ts';
import { LedgerEntry, LogId } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import { ownersOf } from './killers-of.ts';

const DESK = LogId.parse('desk');
const AT_ONCE = 200;
const KILLS: ReadonlySet<string> = new Set(['kill.scope-requested', 'kill.scope-reaffirmed']);
const Named = z.looseObject({ scope: z.string() });

/** Everybody who killed this scope or repeated that since its latch, by the log `desk`, and the owners of the devices that did. */
export async function scopeKillersOf(
  { id, initiatedBy, at }: ScopeLatch,
  {
    ledger,
    records,
  }: { readonly ledger: Pick<Ports['ledger'], 'page'>; readonly records: Pick<Ports['records'], 'get'> },
): Promise<ActorId[]> {
  const actors = [initiatedBy];
  let from: number | undefined;
  let since = true;
  do {
    const page = await ledger.page(DESK, { from, limit: AT_ONCE, order: 'desc' });
    const entries = (page?.entries ?? []).map(({ entry }) => LedgerEntry.parse(entry));
    since = entries.every((entry) => entry.at >= at);
    actors.push(...entries.filter((entry) => entry.at >= at && isKillOf(entry, id)).map(({ actor }) => actor));
    from = page?.next;
  } while (from !== undefined && since);
  const owners = await Promise.all(actors.map((actor) => ownersOf(actor, { records })));
  return [...new Set([...actors, ...owners.flat()])].toSorted();
}

const isKillOf = ({ type, payload }: LedgerEntry, scope: string): boolean =>
  KILLS.has(type) && Named.safeParse(payload).data?.scope === scope;
