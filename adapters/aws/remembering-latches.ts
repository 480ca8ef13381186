import type { RecordKind, RecordOf } from '../../domain/control-record.ts';
import type { ControlRecords } from '../../domain/ports/strategies.ts';

const TRUSTED_MS = 1_000;

/**
 * Records where the latch of a scope is not asked for again within a second of there being none: leases of many instances ask
 * each second. Counted from before the question was sent. Nothing but a plain "none" is remembered, and of no other kind.
 */
export function rememberingLatches(records: ControlRecords, elapsedMs: () => number): ControlRecords {
  const foundNone = new Map<string, number>();
  async function get<Kind extends RecordKind>(kind: Kind, id: string): Promise<RecordOf<Kind> | undefined> {
    if (kind !== 'LATCH') return records.get(kind, id);
    const askedAt = elapsedMs();
    const known = foundNone.get(id);
    if (known !== undefined && askedAt - known < TRUSTED_MS) return undefined;
    const found = await records.get(kind, id);
    if (found && !('liftedAt' in found)) foundNone.delete(id);
    else foundNone.set(id, askedAt);
    return found;
  }
  return {
    get,
    list: (kind, options) => records.list(kind, options),
    all: (kind) => records.all(kind),
    put: (record) => records.put(record),
    replace: (record) => records.replace(record),
    latchScope: (latch) => {
      foundNone.delete(latch.id);
      return records.latchScope(latch);
    },
  };
}
