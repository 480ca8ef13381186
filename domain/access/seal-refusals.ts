import type { NewEntry } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import { COUNTERS_AT_ONCE } from '../ports/refusals.ts';
import { announceAttempt, isKillAttempt } from './announce-attempt.ts';
import type { RefusalCount } from './refusal-count.ts';

const ATTEMPTS = 5;

type SealPorts = Pick<Ports, 'refusals' | 'now' | 'jitter'> & { readonly records: Pick<Ports['records'], 'put'> };

/**
 * Seals the counters of minutes that began before this time into the `access` log, one entry for each. What another sealer
 * or a late refusal changed meanwhile is read again; what is still contended after five tries waits for the next call. A
 * refusal that comes after the sealing makes a new counter of the same minute: the sum of the entries is always right.
 * Answers how many entries were written.
 */
export async function sealRefusals(before: Date, ports: SealPorts): Promise<{ sealed: number }> {
  let sealed = 0;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const due = await ports.refusals.due(before);
    const written = await sealAll(due, ports);
    sealed += written;
    if (written === due.length) break;
    await ports.jitter(attempt);
  }
  return { sealed };
}

/** Batch by batch, those to be told of first, so that none is forgotten; a batch that lost its race is left. */
async function sealAll(due: readonly RefusalCount[], { refusals, records, now }: SealPorts) {
  let written = 0;
  for (let begin = 0; begin < due.length; begin += COUNTERS_AT_ONCE) {
    const batch = due.slice(begin, begin + COUNTERS_AT_ONCE);
    for (const attempt of batch.filter(isKillAttempt))
      for (const record of announceAttempt(attempt, now())) await records.put(record);
    const receipts = await refusals.seal(batch, batch.map(entryOf), now());
    written += receipts?.length ?? 0;
  }
  return written;
}

const entryOf = ({ actor, ...payload }: RefusalCount): NewEntry => ({ type: 'access.refused', actor, payload });
