import type { ControlRecord } from '../../domain/control-record.ts';
import { recordItem } from './record-item.ts';

/** One record as a transaction item, with what has to be true of the one that stands: a command is new, and whatever has a version is written by whoever read the one before. */
export const recordPut = (TableName: string, record: ControlRecord, at: Date) => ({
  Put: { TableName, Item: recordItem(record, at), ...conditionOf(record) },
});

const NEW = 'attribute_not_exists(pk)';

function conditionOf({ kind, record }: ControlRecord) {
  if (kind === 'COMMAND') return { ConditionExpression: NEW };
  if (!('version' in record) || record.version === undefined) return {};
  if (record.version === 1) return { ConditionExpression: NEW };
  return {
    ConditionExpression: '#record.#version = :before',
    ExpressionAttributeNames: { '#record': 'record', '#version': 'version' },
    ExpressionAttributeValues: { ':before': record.version - 1 },
  };
}
