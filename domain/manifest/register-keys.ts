import { changeLog } from '../change-log.ts';
import { ActorId } from '../ids.ts';
import { digestOf } from '../ledger/digest.ts';
import { LogId, type NewEntry } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import type { TrustedKey } from './trusted-key.ts';

const DESK = LogId.parse('desk');

/**
 * Brings the trusted keys of the deployed configuration into the control table (runbook 1.1), with an entry in the log `desk` that
 * says what was added, changed or taken away. The same keys again change nothing.
 */
export async function registerKeys(
  keys: readonly TrustedKey[],
  version: string,
  ports: Pick<Ports, 'records' | 'ledger' | 'now'>,
): Promise<void> {
  const before = (await ports.records.get('MANIFESTKEYS', 'trusted'))?.keys ?? [];
  if (digestOf(before) === digestOf(keys)) return;
  const record = { id: 'trusted' as const, keys: [...keys] };
  const decide = async () => ({
    entries: [entryOf(before, keys)],
    records: [{ kind: 'MANIFESTKEYS' as const, record }],
    reply: digestOf(keys),
  });
  await changeLog(DESK, { key: `register-keys/${version}`, body: keys }, decide, ports);
}

function entryOf(before: readonly TrustedKey[], keys: readonly TrustedKey[]): NewEntry {
  const known = new Map(before.map((key) => [key.id, digestOf(key)]));
  const ids = (some: readonly TrustedKey[]) => some.map(({ id }) => id);
  const removed = before.filter(({ id }) => !keys.some((key) => key.id === id));
  return {
    type: 'manifest-keys.changed',
    actor: ActorId.parse('service:deployment'),
    payload: {
      added: ids(keys.filter(({ id }) => !known.has(id))),
      changed: ids(keys.filter((key) => known.has(key.id) && known.get(key.id) !== digestOf(key))),
      removed: ids(removed),
      keys,
    },
  };
}
