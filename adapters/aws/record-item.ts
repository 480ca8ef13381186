import type { CONTROL_RECORDS, ControlRecord, RecordKind, RecordOf } from '../../domain/control-record.ts';
import { packLease, unpackLease } from './pack-lease.ts';

const DAY_S = 86_400;

/** What is looked up by its key for a while, and never listed. */
const PASSING: ReadonlySet<RecordKind> = new Set<RecordKind>(['COMMAND', 'SESSION']);

/** How many days something may be looked up, or listed, before DynamoDB may drop it: what is over stands in the ledger for good. */
const DAYS: Partial<Record<RecordKind, number>> = { COMMAND: 7, SESSION: 7, PASTALERT: 30 };

/** The key of a record in the control table. */
export const recordKey = (kind: RecordKind, id: string): string => `${kind}#${id}`;

/** A record as an item: its key, itself in one attribute, the two attributes of the list index, and, for what passes, when DynamoDB may drop it. */
export function recordItem({ kind, record }: ControlRecord, now: Date): Record<string, unknown> {
  const days = DAYS[kind];
  const expiry = days === undefined ? {} : { ttl: Math.floor(now.getTime() / 1000) + days * DAY_S };
  const listed = isListed(kind, record) ? { kind, sort: sortOf(record) } : {};
  const stored = kind === 'LEASE' ? packLease(record) : record;
  return { pk: recordKey(kind, record.id), record: stored, ...listed, ...expiry };
}

/** A message that is settled, an alert that is resolved, and a drift review that is over, falls out of the list, so that what still stands is found however many there were. */
const isListed = (kind: RecordKind, record: ControlRecord['record']): boolean =>
  !PASSING.has(kind) &&
  kind !== 'LEASE' &&
  !(kind === 'MESSAGE' && 'settledAt' in record && record.settledAt !== undefined) &&
  !(kind === 'ALERT' && 'resolvedAt' in record && record.resolvedAt !== undefined) &&
  !(kind === 'DRIFT' && 'status' in record && record.status === 'over');

/** The schemas of the kinds that somebody reads. */
export type RecordSchemas = Partial<typeof CONTROL_RECORDS>;

/** The record in an item, judged by its schema: what does not fit is a fault, never a guess. So is a kind whose schema is not there. */
export function recordFrom<Kind extends RecordKind>(
  kind: Kind,
  item: Record<string, unknown>,
  schemas: RecordSchemas,
): RecordOf<Kind> {
  const schema = schemas[kind];
  if (!schema) throw new TypeError(`records of the kind ${kind} are not read here`);
  // each schema belongs to its kind; the compiler cannot follow an indexed union of schemas
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return schema.parse(unpackLease(item['record'])) as RecordOf<Kind>;
}

/** Lists are by time where a record has one, else by id. */
function sortOf(record: ControlRecord['record']): string {
  const at =
    'startedAt' in record ? record.startedAt : 'openedAt' in record ? record.openedAt : 'at' in record ? record.at : '';
  return `${at}#${record.id}`;
}
