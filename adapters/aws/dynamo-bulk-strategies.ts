import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { StrategyId } from '../../domain/ids.ts';
import type { BulkStrategies } from '../../domain/ports/strategies.ts';
import { Strategy } from '../../domain/strategy.ts';
import { batchGet } from './batch-get.ts';
import { DynamoStrategies } from './dynamo-strategies.ts';
import type { Tables } from './tables.ts';

/** The same for who reads many at a time: a hundred in a call, instead of one. Apart, since the other bundles are the smaller for it. */
export class DynamoBulkStrategies extends DynamoStrategies implements BulkStrategies {
  readonly #dynamo: DynamoDBDocumentClient;
  readonly #control: string;

  constructor(dynamo: DynamoDBDocumentClient, tables: Tables) {
    super(dynamo, tables);
    this.#dynamo = dynamo;
    this.#control = tables.control;
  }

  async readMany(ids: readonly StrategyId[]): Promise<Strategy[]> {
    const keys = ids.map((id) => `STRATEGY#${id}`);
    return (await batchGet(this.#dynamo, this.#control, keys)).map((item) => Strategy.parse(item));
  }
}
