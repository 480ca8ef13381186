import { CONTROL_RECORDS, type ControlRecord, type RecordKind, type RecordOf } from '../../domain/control-record.ts';

const DAY_S = 86_400;

/** The key of a record in the control table. */
export const recordKey = (kind: RecordKind, id: string): string => `${kind}#${id}`;

/** A record as an item: its key, itself in one attribute, the two attributes of the list index, and, for commands, when DynamoDB may drop it. */
export function recordItem({ kind, record }: ControlRecord, now: Date): Record<string, unknown> {
  const expiry = kind === 'COMMAND' ? { ttl: Math.floor(now.getTime() / 1000) + 7 * DAY_S } : {};
  const listed = kind === 'COMMAND' || kind === 'LEASE' ? {} : { kind, sort: sortOf(record) };
  return { pk: recordKey(kind, record.id), record, ...listed, ...expiry };
}

/** The record in an item, judged by its schema: what does not fit is a fault, never a guess. */
export function recordFrom<Kind extends RecordKind>(kind: Kind, item: Record<string, unknown>): RecordOf<Kind> {
  // each schema belongs to its kind; the compiler cannot follow an indexed union of schemas
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return CONTROL_RECORDS[kind].parse(item['record']) as RecordOf<Kind>;
}

/** Lists are by time where a record has one, else by id. */
function sortOf(record: ControlRecord['record']): string {
  const at =
    'startedAt' in record ? record.startedAt : 'openedAt' in record ? record.openedAt : 'at' in record ? record.at : '';
  return `${at}#${record.id}`;
}
