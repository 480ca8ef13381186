import type { ControlRecord } from '../../domain/control-record.ts';
import type { VersionedRecord } from '../../domain/ports/strategies.ts';
import { recordItem } from './record-item.ts';

/** One record as a transaction item, with what has to be true of the one that stands: a command is new, and whatever has a version is written by whoever read the one before. */
export const recordPut = (TableName: string, record: ControlRecord, at: Date) => ({
  Put: { TableName, Item: recordItem(record, at), ...conditionOf(record) },
});

/** The same for one record alone, by its version whatever its kind. */
export const recordReplacement = (TableName: string, record: VersionedRecord, at: Date) => ({
  TableName,
  Item: recordItem(record, at),
  ...following(record.record.version),
});

const NEW = 'attribute_not_exists(pk)';

/** A message that is announced again is the same one: it may stand there, and its deliveries know what was sent. */
function conditionOf({ kind, record }: ControlRecord) {
  if (kind === 'COMMAND') return { ConditionExpression: NEW };
  if (kind === 'MESSAGE' || !('version' in record) || record.version === undefined) return {};
  return following(record.version);
}

/** The version before it stands there; before the first one, nothing. */
function following(version: number) {
  if (version === 1) return { ConditionExpression: NEW };
  return {
    ConditionExpression: '#record.#version = :before',
    ExpressionAttributeNames: { '#record': 'record', '#version': 'version' },
    ExpressionAttributeValues: { ':before': version - 1 },
  };
}
