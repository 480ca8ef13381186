import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { CONTROL_RECORDS } from '../../domain/control-record.ts';
import { DynamoSomeRecords } from './dynamo-some-records.ts';
import type { Tables } from './tables.ts';

/** The other items of the control table, of every kind. */
export class DynamoRecords extends DynamoSomeRecords {
  constructor(dynamo: DynamoDBDocumentClient, tables: Tables, now: () => Date) {
    super(dynamo, tables, now, CONTROL_RECORDS);
  }
}
