import type { StrategyId } from './ids.ts';
import type { Registration } from './registration.ts';

/** One registered engine instance, as the engine port addresses it. */
export type EngineInstance = {
  readonly instanceId: string;
  readonly strategyId: StrategyId;
  readonly controlUrl: string;
};

export const enginesOf = ({ id, engines }: Registration): EngineInstance[] =>
  engines.map(({ instanceId, controlUrl }) => ({ instanceId, controlUrl, strategyId: id }));
