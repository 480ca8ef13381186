import * as z from 'zod';
import { Digest, RunId, StrategyId } from '../ids.ts';
import { SmokeBand } from './smoke-bands.ts';

/**
 * The newest replay of a strategy that passed, by the length of its window: what the next one is shown beside. A projection;
 * the report itself stands in the evidence bucket under `key`.
 */
export const LastGoodSmoke = z.object({
  id: z.string().min(1),
  strategyId: StrategyId,
  run: RunId,
  at: z.iso.datetime(),
  windowMinutes: z.int().min(1),
  key: z.string(),
  hash: Digest,
  instances: z.array(z.object({ instanceId: z.string(), measured: z.partialRecord(SmokeBand, z.number().nullable()) })),
});
export type LastGoodSmoke = z.infer<typeof LastGoodSmoke>;

/** Replays of other lengths have other counts: each length has a last good one of its own. */
export const lastGoodSmokeId = (strategyId: StrategyId, windowMinutes: number): string =>
  `${strategyId}/${windowMinutes}m`;
